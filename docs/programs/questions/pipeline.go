package main

import "fmt"

func source(words ...string) <-chan string {
	out := make(chan string)
	go func() {
		for _, word := range words {
			out <- word
		}
		close(out)
	}()
	return out
}

func lengths(words <-chan string) <-chan int {
	out := make(chan int)
	go func() {
		for word := range words {
			out <- len(word)
		}
		close(out)
	}()
	return out
}

func main() {
	for n := range lengths(source("go", "select", "close")) {
		fmt.Println(n)
	}
}
