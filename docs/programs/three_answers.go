package main

import (
	"fmt"
	"time"
)

func ask(name string, delay time.Duration, out chan string) {
	time.Sleep(delay)
	out <- name + " answers"
}

func main() {
	out := make(chan string, 3)
	go ask("near", 300*time.Millisecond, out)
	go ask("far", 600*time.Millisecond, out)
	go ask("lost", time.Hour, out)

	for range 3 {
		select {
		case answer := <-out:
			fmt.Println(answer)
		case <-time.After(time.Second):
			fmt.Println("no answer for a second")
		}
	}
}
