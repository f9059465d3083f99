//go:build ignore

// The first error of a group ends its context, and with it the others; so does the wait.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sync/errgroup"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

func main() {
	defer out.Flush()
	parent, cancel := context.WithCancelCause(context.Background())
	for _, bad := range []int{2, 99} {
		g, ctx := errgroup.WithContext(parent)
		pages := make(chan int)
		g.Go(func() error {
			defer close(pages)
			for page := range 6 {
				// With both ready, chance would choose.
				if ctx.Err() != nil {
					say("the reader sees before", page, ctx.Err())
					return ctx.Err()
				}
				select {
				case pages <- page:
				case <-ctx.Done():
					say("the reader stops at", page, ctx.Err())
					return ctx.Err()
				}
			}
			return nil
		})
		for i := range 2 {
			g.Go(func() error {
				for page := range pages {
					if page == bad {
						say("worker", i, "fails")
						return fmt.Errorf("page %d is torn", page)
					}
					say("worker", i, "has read", page)
				}
				say("worker", i, "is done")
				return nil
			})
		}
		g.Go(func() error {
			<-ctx.Done()
			if bad == 99 {
				say("told from above")
			}
			say("told:", ctx.Err(), "/", context.Cause(ctx))
			return errors.New("a later error")
		})
		if bad == 99 {
			// Nobody else ends the context.
			g2, ctx2 := errgroup.WithContext(ctx)
			g2.Go(func() error { return nil })
			say("inner wait:", g2.Wait(), ctx2.Err(), "/", context.Cause(ctx2))
			runtime.Gosched()
			cancel(errors.New("enough"))
		}
		say("wait:", g.Wait())
		say("then:", ctx.Err(), "/", context.Cause(ctx))
	}
}
