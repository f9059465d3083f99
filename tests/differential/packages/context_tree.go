//go:build ignore

// A cancel goes down a tree: who is woken first, and what the contexts and their causes say before and after.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

type key string

func main() {
	defer out.Flush()
	root, cancelRoot := context.WithCancel(context.WithValue(context.Background(), key("user"), "ada"))
	middle, cancelMiddle := context.WithCancelCause(root)
	leaf, cancelLeaf := context.WithTimeout(context.WithValue(middle, key("job"), 7), time.Hour)
	apart := context.WithoutCancel(leaf)
	contexts := map[string]context.Context{"root": root, "middle": middle, "leaf": leaf, "apart": apart}
	names := []string{"root", "middle", "leaf", "apart"}
	tell := func(when string) {
		fmt.Fprintln(out, when)
		for _, name := range names {
			ctx := contexts[name]
			_, limited := ctx.Deadline()
			fmt.Fprintln(out, " ", name, ctx.Value(key("user")), ctx.Value(key("job")), limited)
			fmt.Fprintln(out, "   ", ctx.Err(), "/", context.Cause(ctx))
		}
	}
	tell("at first")
	var wg sync.WaitGroup
	for i := range 3 {
		for _, name := range names[:3] {
			wg.Go(func() {
				<-contexts[name].Done()
				fmt.Fprintln(out, name, i, "is told:", contexts[name].Err())
			})
		}
	}
	runtime.Gosched()
	cancelMiddle(errors.New("out of paper"))
	fmt.Fprintln(out, "middle is cancelled")
	runtime.Gosched()
	tell("then")
	cancelLeaf()
	cancelMiddle(errors.New("too late"))
	cancelRoot()
	fmt.Fprintln(out, "root is cancelled")
	wg.Wait()
	tell("at last")
	late, cancelLate := context.WithCancel(leaf)
	defer cancelLate()
	<-late.Done()
	fmt.Fprintln(out, "born cancelled:", late.Err(), "/", context.Cause(late))

	again, cancelAgain := context.WithCancelCause(context.Background())
	cancelAgain(nil)
	fmt.Fprintln(out, "without a cause:", again.Err(), "/", context.Cause(again))
	past, cancelPast := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	fmt.Fprintln(out, "too late:", past.Err(), "/", errors.Is(past.Err(), context.DeadlineExceeded))
	cancelPast()
	short, cancelShort := context.WithTimeoutCause(context.Background(), time.Millisecond, errors.New("slow"))
	<-short.Done()
	fmt.Fprintln(out, "timed out:", short.Err(), "/", context.Cause(short))
	cancelShort()
}
