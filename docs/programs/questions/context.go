package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

func work(ctx context.Context, name string, d time.Duration) {
	select {
	case <-time.After(d):
		fmt.Println(name, "is done")
	case <-ctx.Done():
		fmt.Println(name, "stops:", ctx.Err())
	}
}

func main() {
	parent := context.Background()
	limit := 50 * time.Millisecond
	ctx, cancel := context.WithTimeout(parent, limit)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() { work(ctx, "short job", 0) })
	wg.Go(func() { work(ctx, "long job", time.Hour) })
	wg.Wait()
}
