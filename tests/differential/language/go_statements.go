//go:build ignore

// What a go statement hands over is looked at when it is made; what a closure uses, when it runs.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

type counter struct {
	name string
	n    int
}

func (c *counter) add(step int, done chan<- any) {
	c.n += step
	fmt.Fprintln(out, c.name, "is", c.n)
	done <- c.n
}

func named(name string, n int) string {
	fmt.Fprintln(out, "evaluates", name, n)
	return name
}

func main() {
	defer out.Flush()
	done := make(chan any, 20)
	x := 1
	go func(y int) {
		fmt.Fprintln(out, "handed over", y, "used", x)
		done <- y
	}(x)
	x = 2
	fmt.Fprintln(out, "done", <-done)

	c := &counter{name: "first"}
	go c.add(len(named("step", 3)), done)
	c = &counter{name: "second"}
	go c.add(2, done)
	fmt.Fprintln(out, "done", <-done, <-done)

	for i := range 3 {
		go func() { done <- fmt.Sprint("turn ", i) }()
	}
	fmt.Fprintln(out, "done", <-done, <-done, <-done)

	// Values of any type, functions and channels among them.
	go func() {
		for _, v := range []any{1, "two", []int{3}, func() int { return 4 }, done, nil} {
			done <- v
		}
		close(done)
	}()
	for v := range done {
		switch v := v.(type) {
		case nil:
			fmt.Fprintln(out, "nothing")
		case int:
			fmt.Fprintln(out, "a number", v)
		case string:
			fmt.Fprintln(out, "a text", v)
		case func() int:
			fmt.Fprintln(out, "a function that gives", v())
		case chan any:
			fmt.Fprintln(out, "a channel of", cap(v))
		default:
			fmt.Fprintln(out, "something else", v)
		}
	}

	before := runtime.NumGoroutine()
	gate, left := make(chan bool), make(chan bool)
	for i := range 5 {
		go func() {
			defer func() { left <- true }()
			<-gate
			if i%2 == 0 {
				runtime.Goexit()
			}
			fmt.Fprintln(out, i, "returns")
		}()
	}
	for range 5 {
		fmt.Fprintln(out, "more:", runtime.NumGoroutine()-before)
		gate <- true
		<-left
		runtime.Gosched()
	}
	fmt.Fprintln(out, "more:", runtime.NumGoroutine()-before)
}
