package main

import (
	"fmt"
	"reflect"
	"time"
)

// Wait for several channels: select returns the index of the case, the value, and whether the
// channel was open.
func several() {
	first, second := make(chan int), make(chan string)
	go func() { second <- "hello" }()
	// >
	select {
	case n := <-first:
		fmt.Println("a number", n)
	case text := <-second:
		fmt.Println("a text", text)
	}
	// <
}

// Don't block: default runs if no other case is ready.
func nonBlocking() {
	ch := make(chan int)
	// >
	select {
	case v := <-ch:
		fmt.Println(v)
	default:
		fmt.Println("nothing yet")
	}
	// <
}

// Send if that doesn't block
func tryToSend() {
	ch := make(chan int, 1)
	for i := range 2 {
		// >
		select {
		case ch <- i:
			fmt.Println("sent", i)
		default:
			fmt.Println("full")
		}
		// <
	}
}

// Time out
func timeOut() {
	ch := make(chan int)
	// >
	select {
	case v := <-ch:
		fmt.Println(v)
	case <-time.After(5 * time.Millisecond):
		fmt.Println("too late")
	}
	// <
}

// Check whether the channel was open
func open() {
	ch := make(chan int)
	close(ch)
	// >
	select {
	case v, ok := <-ch:
		fmt.Println(v, ok)
	}
	// <
}

// Loop until told to stop: a return, or a flag, in place of a labelled break.
func loop() {
	values, quit := make(chan int), make(chan bool)
	go func() {
		for i := range 3 {
			values <- i
		}
		close(quit)
	}()
	// >
loop:
	for {
		select {
		case v := <-values:
			fmt.Println(v)
		case <-quit:
			break loop
		}
	}
	// <
}

// Disable a case: a channel that is None is never ready.
func switchOff() {
	first, second := make(chan int, 1), make(chan int, 1)
	first <- 3
	second <- 4
	close(first)
	close(second)
	total := 0
	// >
	for first != nil || second != nil {
		select {
		case v, ok := <-first:
			if !ok {
				first = nil
			}
			total += v
		case v, ok := <-second:
			if !ok {
				second = nil
			}
			total += v
		}
	}
	// <
	fmt.Println(total)
}

// Choose at random: each ready case has the same chance, in both languages.
func random() {
	ch := make(chan int, 2000)
	// >
	for range 1000 {
		select {
		case ch <- 0:
		case ch <- 1:
		}
	}
	// <
	ones := 0
	for range 1000 {
		ones += <-ch
	}
	fmt.Println(ones > 300, ones < 700)
}

// A variable number of cases: reflect.Select in Go, a starred argument in Python.
func dynamic() {
	chans := []chan int{make(chan int, 1), make(chan int, 1)}
	chans[1] <- 7
	// >
	cases := make([]reflect.SelectCase, len(chans))
	for i, ch := range chans {
		cases[i] = reflect.SelectCase{
			Dir:  reflect.SelectRecv,
			Chan: reflect.ValueOf(ch),
		}
	}
	i, v, ok := reflect.Select(cases)
	fmt.Println(i, v, ok)
	// <
}

// Block forever: the goroutine is still there when the program ends.
func forEver() {
	// >
	go func() {
		fmt.Println("waiting")
		select {}
	}()
	// <
	time.Sleep(time.Millisecond)
}

func main() {
	several()
	nonBlocking()
	tryToSend()
	timeOut()
	open()
	loop()
	switchOff()
	random()
	dynamic()
	forEver()
}
