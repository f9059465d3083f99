package main

import "time"

func pingPong(n int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
	}()
	for i := 0; i < n; i++ {
		ping <- i
		<-pong
	}
	close(ping)
}

func streamOf(n, size int) {
	ch := make(chan int, size)
	go func() {
		for i := 0; i < n; i++ {
			ch <- i
		}
		close(ch)
	}()
	for range ch {
	}
}

func stream(n int) { streamOf(n, 0) }

func stream1(n int) { streamOf(n, 1) }

func stream100(n int) { streamOf(n, 100) }

func uncontended(n int) {
	ch := make(chan int, 1)
	for i := 0; i < n; i++ {
		ch <- i
		<-ch
	}
}

func rangeOver(n int) time.Duration {
	ch := make(chan int, n)
	for i := 0; i < n; i++ {
		ch <- i
	}
	close(ch)
	start := time.Now()
	for range ch {
	}
	return time.Since(start)
}

func spawn(n int) {
	done := make(chan bool)
	finish := func() { done <- true }
	for i := 0; i < n; i++ {
		go finish()
		<-done
	}
}
