package main

import (
	"fmt"
	"time"
)

func ask(out chan<- string) {
	time.Sleep(time.Minute)
	out <- "yes"
}

func main() {
	out := make(chan string, 1)
	go ask(out)
	select {
	case text := <-out:
		fmt.Println(text)
	case <-time.After(50 * time.Millisecond):
		fmt.Println("no answer in time")
	}
}
