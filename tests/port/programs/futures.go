package main

import (
	"errors"
	"fmt"
	"time"
)

type Future[T any] struct {
	done  chan struct{}
	value T
	err   error
}

func Async[T any](f func() (T, error)) *Future[T] {
	fut := &Future[T]{done: make(chan struct{})}
	go func() {
		defer close(fut.done)
		defer func() {
			if r := recover(); r != nil {
				fut.err = fmt.Errorf("panicked: %v", r)
			}
		}()
		fut.value, fut.err = f()
	}()
	return fut
}

func (f *Future[T]) Await() (T, error) {
	<-f.done
	return f.value, f.err
}

func (f *Future[T]) AwaitFor(d time.Duration) (v T, err error) {
	select {
	case <-f.done:
		return f.value, f.err
	case <-time.After(d):
		return v, errors.New("timed out")
	}
}

func Then[A, B any](f *Future[A], g func(A) (B, error)) *Future[B] {
	return Async(func() (B, error) {
		a, err := f.Await()
		if err != nil {
			var zero B
			return zero, err
		}
		return g(a)
	})
}

func main() {
	n := Async(func() (int, error) {
		time.Sleep(5 * time.Millisecond)
		return 21, nil
	})
	text := Then(n, func(i int) (string, error) { return fmt.Sprintf("answer=%d", i*2), nil })
	fmt.Println(text.Await())
	fmt.Println(n.Await())

	broken := Async(func() ([]int, error) { return nil, errors.New("no data") })
	length := Then(broken, func(xs []int) (int, error) { return len(xs), nil })
	fmt.Println(length.Await())

	bad := Async(func() (float64, error) {
		var a []float64
		return a[3], nil
	})
	fmt.Println(bad.Await())

	slow := Async(func() (string, error) { time.Sleep(time.Second); return "late", nil })
	v, err := slow.AwaitFor(10 * time.Millisecond)
	fmt.Printf("%q %v\n", v, err)
}
