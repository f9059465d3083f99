package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

// Flushed at the end: no write changes the order.
var stdout = bufio.NewWriter(os.Stdout)

func cook(name string, dishes int, counter chan<- string) {
	for n := range dishes {
		fmt.Fprintln(stdout, "cooked", name, n)
		counter <- fmt.Sprint(name, " ", n)
	}
}

func main() {
	defer stdout.Flush()
	counter := make(chan string, 2)
	var cooks sync.WaitGroup
	cooks.Go(func() { cook("soup", 5, counter) })
	cooks.Go(func() { cook("cake", 2, counter) })
	go func() {
		cooks.Wait()
		close(counter)
	}()
	for dish := range counter {
		fmt.Fprintln(stdout, "        served", dish)
	}
}
