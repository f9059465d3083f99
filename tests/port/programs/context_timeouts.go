package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var ErrTooSlow = errors.New("too slow")

func query(ctx context.Context, took time.Duration) (string, error) {
	timer := time.NewTimer(took)
	defer timer.Stop()
	select {
	case <-timer.C:
		return "42 rows", nil
	case <-ctx.Done():
		return "", fmt.Errorf("query: %w", ctx.Err())
	}
}

func main() {
	for _, took := range []time.Duration{5 * time.Millisecond, 500 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		rows, err := query(ctx, took)
		switch {
		case err == nil:
			fmt.Println("ok:", rows)
		case errors.Is(err, context.DeadlineExceeded):
			fmt.Println("timeout:", err)
		default:
			fmt.Println("error:", err)
		}
		cancel()
		fmt.Println(took, ctx.Err())
	}

	parent, stop := context.WithCancelCause(context.Background())
	child, cancel := context.WithTimeout(parent, time.Hour)
	defer cancel()
	_, has := child.Deadline()
	fmt.Println("deadline:", has)
	go func() {
		time.Sleep(5 * time.Millisecond)
		stop(ErrTooSlow)
	}()
	_, err := query(child, time.Minute)
	fmt.Println(err, "|", context.Cause(child), errors.Is(err, context.Canceled))

	cleaned := make(chan string)
	again, cancelAgain := context.WithCancel(context.Background())
	context.AfterFunc(again, func() { cleaned <- "cleanup ran" })
	cancelAgain()
	fmt.Println(<-cleaned)

	var de interface{ Timeout() bool }
	if errors.As(context.DeadlineExceeded, &de) {
		fmt.Println("a timeout:", de.Timeout())
	}
}
