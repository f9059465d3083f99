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

// Return an error: raise it, and return the rest.
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

// A known error, wrapped: a class of its own, caught by its type.
func sentinel() {
	// >
	err := put()
	fmt.Println(errors.Is(err, errFull))
	fmt.Println(err)
	// <
}

// >
type statusError struct{ code int }

func (e *statusError) Error() string { return fmt.Sprint("status ", e.code) }

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
	err := errors.Join(errors.New("first"), errors.New("second"))
	fmt.Println(err)
	// <
}

// Errors of goroutines: the first one ends the group's context, and comes out of wait.
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

// Tell why a context ended
func contextEnded() {
	// >
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
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
