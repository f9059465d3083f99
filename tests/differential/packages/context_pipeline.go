//go:build ignore

// A pipeline that ends early: the consumer has enough, cancels, and every stage says that it leaves.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

type result struct {
	value int
	err   error
}

func stage(
	ctx context.Context, wg *sync.WaitGroup, name string, in <-chan result, f func(int) (int, error),
) <-chan result {
	next := make(chan result)
	wg.Go(func() {
		defer fmt.Fprintln(out, name, "leaves")
		defer close(next)
		for r := range in {
			if r.err == nil {
				r.value, r.err = f(r.value)
			}
			select {
			case next <- r:
				fmt.Fprintln(out, name, "passed on", r.value)
			case <-ctx.Done():
				fmt.Fprintln(out, name, "is told:", ctx.Err())
				return
			}
		}
	})
	return next
}

func main() {
	defer out.Flush()
	for _, enough := range []int{3, 100} {
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		source := make(chan result)
		wg.Go(func() {
			defer close(source)
			for n := range 8 {
				select {
				case source <- result{value: n}:
				case <-ctx.Done():
					fmt.Fprintln(out, "source is told:", ctx.Err())
					return
				}
			}
			fmt.Fprintln(out, "source is dry")
		})
		tripled := stage(ctx, &wg, "triple", source, func(n int) (int, error) { return 3 * n, nil })
		checked := stage(ctx, &wg, "check", tripled, func(n int) (int, error) {
			if n%4 == 2 {
				return 0, fmt.Errorf("%d is a bad number", n)
			}
			return n + 1, nil
		})
		for r := range checked {
			fmt.Fprintln(out, "out:", r.value, r.err)
			enough--
			if enough == 0 {
				break
			}
		}
		cancel()
		wg.Wait()
	}
}
