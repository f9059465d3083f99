package main

import (
	"fmt"
	"sync"
)

// Two players pass a ball over one channel; whoever holds it at ten drops it.

type Ball struct{ hits int }

func player(name string, table chan *Ball, done chan<- string, wg *sync.WaitGroup) {
	defer wg.Done()
	for ball := range table {
		ball.hits++
		fmt.Printf("%s hits, %d so far\n", name, ball.hits)
		if ball.hits >= 10 {
			done <- name
			close(table)
			return
		}
		table <- ball
	}
}

func main() {
	table := make(chan *Ball)
	done := make(chan string, 1)
	var wg sync.WaitGroup
	wg.Add(2)
	go player("ping", table, done, &wg)
	go player("pong", table, done, &wg)
	table <- new(Ball)
	wg.Wait()
	fmt.Println("winner:", <-done)
}
