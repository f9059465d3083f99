package main

import (
	"fmt"
	"time"
)

func ask(mirror string, needs time.Duration) <-chan string {
	answer := make(chan string, 1)
	go func() {
		time.Sleep(needs)
		answer <- "the file, from the " + mirror + " mirror"
	}()
	return answer
}

func fetch(mirror string, needs, patience time.Duration) string {
	answer := ask(mirror, needs)
	select {
	case file := <-answer:
		return file
	case <-time.After(patience):
		return "no answer from the " + mirror + " mirror"
	}
}

func main() {
	fmt.Println(fetch("near", 0, time.Minute))
	fmt.Println(fetch("far", time.Hour, 50*time.Millisecond))
}
