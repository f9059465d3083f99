//go:build ignore

// Signals that the program sends itself: who is told, in what order, and what a full channel misses.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func raise(sig syscall.Signal) {
	syscall.Kill(os.Getpid(), sig)
	// Until the runtime has seen it.
	time.Sleep(20 * time.Millisecond)
}

func main() {
	both, first := make(chan os.Signal, 2), make(chan os.Signal, 1)
	signal.Notify(both, syscall.SIGUSR1, syscall.SIGUSR2)
	signal.Notify(first, syscall.SIGUSR1)
	raise(syscall.SIGUSR1)
	fmt.Println(len(both), len(first), <-both == syscall.SIGUSR1, <-first == syscall.SIGUSR1)
	raise(syscall.SIGUSR2)
	raise(syscall.SIGUSR1)
	raise(syscall.SIGUSR2)
	fmt.Println(len(both), len(first), <-both == syscall.SIGUSR2, <-both == syscall.SIGUSR1)
	signal.Stop(both)
	raise(syscall.SIGUSR1)
	fmt.Println(len(both), len(first), signal.Ignored(syscall.SIGUSR2))
	signal.Ignore(syscall.SIGUSR2)
	raise(syscall.SIGUSR2)
	fmt.Println("ignored:", signal.Ignored(syscall.SIGUSR2))

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGUSR2)
	go raise(syscall.SIGUSR2)
	select {
	case <-ctx.Done():
		fmt.Println("the context ends:", ctx.Err())
	case <-time.After(5 * time.Second):
		fmt.Println("never printed")
	}
	stop()
	signal.Notify(first, syscall.SIGUSR1)
	<-first
	go raise(syscall.SIGUSR1)
	fmt.Println("woken:", <-first == syscall.SIGUSR1)
}
