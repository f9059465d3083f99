//go:build ignore

// The twin of examples/timeout_quit_context.py: a message each 499 ms, none waited for longer than 500 ms.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	pause    = 499 * time.Millisecond
	patience = 500 * time.Millisecond
)

func main() {
	whole, stop := context.WithTimeout(context.Background(), 2000*time.Millisecond)
	defer stop()
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, syscall.SIGINT, syscall.SIGTERM)
	words := make(chan string)
	go speak(whole, words)
	for listening := true; listening; {
		select {
		case <-interrupted:
			fmt.Print("\nQuit by user")
			listening = false
		case <-time.After(patience):
			fmt.Println("Can't wait that long!")
			listening = false
		case word, more := <-words:
			if !more {
				word = "Jobs done!"
				listening = false
			}
			fmt.Println(word)
		}
	}
}

func speak(whole context.Context, words chan<- string) {
	defer close(words)
	for n := 1; n <= 6; n += 2 {
		select {
		default:
		case <-whole.Done():
			fmt.Println("Execution timeout...")
			return
		}
		words <- fmt.Sprint("Result: ", n)
		time.Sleep(pause)
	}
}
