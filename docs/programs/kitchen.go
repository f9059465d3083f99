package main

import (
	"fmt"
	"sync"
)

func cook(name string, dishes int, counter chan<- string) {
	for n := range dishes {
		counter <- fmt.Sprint(name, " ", n)
		fmt.Println("cooked", name, n)
	}
}

func main() {
	counter := make(chan string, 2)
	var cooks sync.WaitGroup
	cooks.Go(func() { cook("soup", 3, counter) })
	cooks.Go(func() { cook("cake", 2, counter) })
	go func() {
		cooks.Wait()
		close(counter)
	}()
	for dish := range counter {
		fmt.Println("        served", dish)
	}
}
