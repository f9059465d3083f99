package main

import (
	"errors"
	"fmt"
	"time"
)

type TemporaryError struct {
	Attempt int
	Cause   error
}

func (e TemporaryError) Error() string   { return fmt.Sprintf("attempt %d: %v", e.Attempt, e.Cause) }
func (e TemporaryError) Unwrap() error   { return e.Cause }
func (e TemporaryError) Temporary() bool { return true }

var (
	ErrBusy  = errors.New("server busy")
	ErrFatal = errors.New("bad credentials")
)

func Retry(attempts int, backoff time.Duration, op func(attempt int) error) (err error) {
	for i := 1; i <= attempts; i++ {
		if err = op(i); err == nil {
			return nil
		}
		var temp interface{ Temporary() bool }
		if !errors.As(err, &temp) || !temp.Temporary() {
			return fmt.Errorf("not retried: %w", err)
		}
		fmt.Printf("  %v; next in %v\n", err, backoff)
		time.Sleep(backoff)
		backoff *= 2
		if max := 8 * time.Millisecond; backoff > max {
			backoff = max
		}
	}
	return fmt.Errorf("gave up after %d attempts: %w", attempts, err)
}

func main() {
	fails := func(n int) func(int) error {
		return func(attempt int) error {
			if attempt <= n {
				return TemporaryError{attempt, ErrBusy}
			}
			return nil
		}
	}
	fmt.Println(Retry(5, time.Millisecond, fails(3)))
	err := Retry(3, 2500*time.Microsecond, fails(10))
	fmt.Println(err, errors.Is(err, ErrBusy))
	var te TemporaryError
	fmt.Println(errors.As(err, &te), te.Attempt)
	err = Retry(3, time.Millisecond, func(int) error { return ErrFatal })
	fmt.Println(err, errors.Is(err, ErrFatal))
}
