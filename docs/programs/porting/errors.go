package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// >
func half(n int) (int, error) {
	if n%2 != 0 {
		return 0, fmt.Errorf("%d is odd", n)
	}
	return n / 2, nil
}

// <

// Return an error: in Python, raise it, and return only the other results.
func returned() {
	// >
	n, err := half(7)
	if err != nil {
		fmt.Println("error:", err)
	} else {
		fmt.Println(n)
	}
	// <
}

// >
var errFull = errors.New("the queue is full")

func put() error { return fmt.Errorf("put: %w", errFull) }

// <

// Wrap a known error: in Python, it is a class, and you catch it by its type.
func sentinel() {
	// >
	err := put()
	fmt.Println(errors.Is(err, errFull))
	fmt.Println(err)
	// <
}

// >
type statusError struct{ code int }

func (e *statusError) Error() string {
	return fmt.Sprint("status ", e.code)
}

func fetch() error { return &statusError{404} }

// <

// An error with data
func withData() {
	// >
	var status *statusError
	if errors.As(fetch(), &status) {
		fmt.Println("failed with", status.code)
	}
	// <
}

// Several errors at once
func joined() {
	// >
	err := errors.Join(errors.New("a"), errors.New("b"))
	fmt.Println(err)
	// <
}

// Errors of goroutines: the first one ends the group's context, and `wait` raises it.
func group() {
	// >
	g, ctx := errgroup.WithContext(context.Background())
	g.Go(func() error { return errors.New("broken") })
	g.Go(func() error {
		<-ctx.Done()
		return ctx.Err()
	})
	if err := g.Wait(); err != nil {
		fmt.Println("error:", err)
	}
	// <
}

// Find out why a context ended
func contextEnded() {
	// >
	root := context.Background()
	ctx, cancel := context.WithTimeout(root, time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(errors.Is(ctx.Err(), context.DeadlineExceeded))
	fmt.Println(ctx.Err())
	// <
}

func main() {
	returned()
	sentinel()
	withData()
	joined()
	group()
	contextEnded()
}
