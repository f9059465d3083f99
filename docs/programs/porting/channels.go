package main

import "fmt"

// Make a channel: without a buffer, a send blocks until the value is received.
func unbuffered() {
	// >
	messages := make(chan string)
	// <
	go func() { messages <- "ping" }()
	fmt.Println(<-messages)
}

// Make a buffered channel
func buffered() {
	// >
	jobs := make(chan int, 3)
	// <
	fmt.Println(len(jobs), cap(jobs))
}

// Make a channel of any type
func anything() {
	// >
	events := make(chan any, 2)
	events <- 1
	events <- "two"
	// <
	fmt.Println(<-events, <-events)
}

// Make a channel for signals without a value
func signals() {
	// >
	done := make(chan struct{}, 1)
	done <- struct{}{}
	<-done
	// <
	fmt.Println("done")
}

// Send: an operator, as in Go, or a method.
func send() {
	ch := make(chan int, 2)
	// >
	ch <- 1
	ch <- 2
	// <
	fmt.Println(<-ch, <-ch)
}

// Receive
func receive() {
	ch := make(chan int, 1)
	ch <- 7
	// >
	v := <-ch
	// <
	fmt.Println(v)
}

// Receive, and check whether the channel is open
func receiveOk() {
	ch := make(chan int, 1)
	ch <- 7
	close(ch)
	// >
	v, ok := <-ch
	fmt.Println(v, ok)
	v, ok = <-ch
	fmt.Println(v, ok)
	// <
}

// Receive, and drop the value
func drop() {
	ch := make(chan int, 1)
	ch <- 7
	// >
	<-ch
	// <
	fmt.Println(len(ch))
}

// Receive until it is closed
func ranged() {
	ch := make(chan int, 3)
	// >
	go func() {
		for i := range 3 {
			ch <- i
		}
		close(ch)
	}()
	for v := range ch {
		fmt.Println(v)
	}
	// <
}

// Close: once the buffer is empty, a receive gives the zero value of the element type.
func closed() {
	ch := make(chan int, 3)
	// >
	close(ch)
	fmt.Println(<-ch)
	// <
}

// Length and capacity
func length() {
	ch := make(chan int, 3)
	ch <- 1
	// >
	fmt.Println(len(ch), cap(ch))
	// <
}

// >
func produce(out chan<- int) {
	out <- 3
	close(out)
}

func consume(in <-chan int) {
	for v := range in {
		fmt.Println(v)
	}
}

// <

// Directions: for type checkers; at run time, both types are the channel itself.
func directions() {
	// >
	ch := make(chan int)
	go produce(ch)
	consume(ch)
	// <
}

// A channel of channels: each request contains the channel for its answer.
func channelOfChannels() {
	// >
	requests := make(chan chan int)
	go func() {
		answer := <-requests
		answer <- 42
	}()
	answer := make(chan int)
	requests <- answer
	fmt.Println(<-answer)
	// <
}

// Compare channels: a channel is equal only to itself.
func compare() {
	// >
	x, y := make(chan int), make(chan int)
	z := x
	fmt.Println(x == z, x == y)
	// <
}

// A nil channel: its case in a select is never ready.
func nilChannel() {
	// >
	var none chan int
	select {
	case <-none:
		fmt.Println("never")
	default:
		fmt.Println("not ready")
	}
	// <
}

// Send a struct: in gochan a dataclass; don't change it after the send.
func structs() {
	// >
	type point struct{ x, y int }
	points := make(chan point, 1)
	points <- point{1, 2}
	p := <-points
	fmt.Println(p.x, p.y)
	// <
}

func main() {
	unbuffered()
	buffered()
	anything()
	signals()
	send()
	receive()
	receiveOk()
	drop()
	ranged()
	closed()
	length()
	directions()
	channelOfChannels()
	compare()
	nilChannel()
	structs()
}
