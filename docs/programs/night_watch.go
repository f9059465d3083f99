package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func watch(rounds chan<- int,
	quit <-chan struct{}, done chan<- struct{}) {
	defer close(done)
	for n := 1; ; n++ {
		select {
		case rounds <- n:
		case <-quit:
			fmt.Println("watch: locking up")
			return
		}
	}
}

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	rounds := make(chan int)
	quit, done := make(chan struct{}), make(chan struct{})
	go watch(rounds, quit, done)
	fmt.Println("round", <-rounds)
	fmt.Println("round", <-rounds)
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	<-signals
	fmt.Println("main: asked to stop")
	close(quit)
	<-done
	fmt.Println("main: the watch has gone")
}
