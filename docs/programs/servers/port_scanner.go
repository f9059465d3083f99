package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os/signal"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
)

func feed(ctx context.Context, first, last int, jobs chan<- int) {
	defer close(jobs)
	for port := first; port <= last; port++ {
		select {
		case jobs <- port:
		case <-ctx.Done():
			return
		}
	}
}

func scan(ctx context.Context, host string, dialer *net.Dialer,
	jobs <-chan int, found chan<- int) {
	for port := range jobs {
		address := net.JoinHostPort(host, strconv.Itoa(port))
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			continue // it refuses, or does not answer in time
		}
		conn.Close()
		found <- port
	}
}

func main() {
	ports := flag.String("ports", "1-1024", "FIRST-LAST, or one")
	parallel := flag.Int("parallel", 100, "how many dials at a time")
	timeout := flag.Float64("timeout", 1, "seconds for one dial")
	flag.Parse()
	var first, last int
	if n, _ := fmt.Sscanf(*ports, "%d-%d", &first, &last); n == 1 {
		last = first
	}
	ctx, stop := signal.NotifyContext(context.Background(),
		syscall.SIGINT)
	defer stop()
	// Once, and not for each port.
	addresses, err := net.DefaultResolver.LookupHost(ctx, flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	limit := time.Duration(*timeout * float64(time.Second))
	dialer := &net.Dialer{Timeout: limit}
	jobs, found := make(chan int), make(chan int, *parallel)
	var wg sync.WaitGroup
	go feed(ctx, first, last, jobs)
	for range *parallel {
		wg.Go(func() { scan(ctx, addresses[0], dialer, jobs, found) })
	}
	go func() {
		wg.Wait()
		close(found)
	}()
	var open []int
	for port := range found {
		open = append(open, port)
	}
	slices.Sort(open)
	for _, port := range open {
		fmt.Println(port, "open")
	}
}
