//go:build ignore

// A group with a limit: who starts when, who is refused, and whose error is told.
package main

import (
	"bufio"
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
	for _, limit := range []int{1, 3, -1} {
		say("limit", limit)
		var g errgroup.Group
		g.SetLimit(limit)
		active := 0
		for i := range 7 {
			say("go", i)
			g.Go(func() error {
				active++
				say(i, "starts as one of", active)
				runtime.Gosched()
				active--
				say(i, "ends")
				if i%3 == 2 {
					return fmt.Errorf("%d has failed", i)
				}
				return nil
			})
		}
		say("all were started")
		say("wait:", g.Wait())
		say("wait again:", g.Wait())
	}

	var g errgroup.Group
	g.SetLimit(2)
	release := make(chan error)
	work := func() error { return <-release }
	say("try:", g.TryGo(work), g.TryGo(work), g.TryGo(work))
	func() {
		defer func() { say("panics:", recover()) }()
		g.SetLimit(3)
	}()
	release <- nil
	runtime.Gosched()
	say("try:", g.TryGo(work), g.TryGo(work))
	go func() {
		say("asks for a third")
		g.Go(func() error {
			say("the third runs")
			return errors.New("the third is late")
		})
		say("the third was started")
		release <- errors.New("the second is late")
	}()
	runtime.Gosched()
	release <- errors.New("the first is late")
	say("wait:", g.Wait())
	g.SetLimit(0)
	say("try with a limit of 0:", g.TryGo(work))

	var none errgroup.Group
	say("nobody to wait for:", none.Wait())
}
