package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

func wait(ctx context.Context) string {
	done := ctx.Done()
	select {
	case <-done:
		return "done"
	case <-time.After(time.Millisecond):
		return "time"
	}
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	done := ctx.Done()
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-done
		fmt.Println("ended", ctx.Err())
	}()
	cancel()
	wg.Wait()
	fmt.Println(wait(ctx), wait(context.Background()))
	never := context.Background().Done()
	fmt.Println(never == nil, len(never))
	select {
	case <-never:
		fmt.Println("no")
	default:
		fmt.Println("default")
	}
	<-never
}
