//go:build ignore

// One call for all who ask for a key meanwhile: who makes it, and who is told that the result is shared.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sync/singleflight"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

func main() {
	defer out.Flush()
	var group singleflight.Group
	var wg sync.WaitGroup
	calls := 0
	for i := range 9 {
		key := string(rune('a' + i%3))
		wg.Go(func() {
			for round := range 2 {
				v, err, shared := group.Do(key, func() (any, error) {
					calls++
					say(i, "calls for", key)
					runtime.Gosched()
					runtime.Gosched()
					if key == "b" {
						return nil, errors.New("no b today")
					}
					return fmt.Sprint(key, " by ", i), nil
				})
				say(i, "round", round, "gets", v, err, shared)
			}
		})
	}
	wg.Wait()
	say("calls:", calls)

	v, err, shared := group.Do("alone", func() (any, error) { return 7, nil })
	say(v, err, shared)

	gate := make(chan int)
	slow := func() (any, error) { return <-gate, nil }
	one, two := group.DoChan("slow", slow), group.DoChan("slow", slow)
	other := group.DoChan("other", func() (any, error) { return nil, errors.New("and wrong") })
	wg.Go(func() {
		v, err, shared := group.Do("slow", slow)
		say("the third has", v, err, shared)
	})
	runtime.Gosched()
	r := <-other
	say("other:", r.Val, r.Err, r.Shared)
	gate <- 42
	for _, c := range []<-chan singleflight.Result{one, two} {
		r := <-c
		say("slow:", r.Val, r.Err, r.Shared, len(c), cap(c))
	}
	wg.Wait()
}
