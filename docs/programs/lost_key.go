package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sync"
	"time"
)

// Flushed at the end: no write changes the order.
var stdout = bufio.NewWriter(os.Stdout)

func look(ctx context.Context, room string,
	needs time.Duration, found chan<- string) {
	select {
	case <-time.After(needs):
		found <- "the key is in the " + room
	case <-ctx.Done():
		fmt.Fprintln(stdout, "  left the "+room+":", ctx.Err())
	}
}

func search(parent context.Context, needs, limit time.Duration) {
	ctx, cancel := context.WithTimeout(parent, limit)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	found := make(chan string, 2)
	wg.Go(func() { look(ctx, "hall", needs, found) })
	wg.Go(func() { look(ctx, "attic", time.Hour, found) })
	select {
	case where := <-found:
		fmt.Fprintln(stdout, where)
	case <-ctx.Done():
		fmt.Fprintln(stdout, "the search ends:", ctx.Err())
	}
}

func main() {
	defer stdout.Flush()
	root := context.Background()
	search(root, 0, time.Minute)
	search(root, time.Hour, 50*time.Millisecond)
}
