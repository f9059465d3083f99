//go:build ignore

// Once: one call, for which the others wait; and what a panic in it makes of later calls.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

func try(name string, f func()) {
	defer func() { say(name, "ends with", recover()) }()
	f()
}

func main() {
	defer out.Flush()
	var once sync.Once
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			say(i, "asks")
			once.Do(func() {
				say(i, "begins")
				runtime.Gosched()
				runtime.Gosched()
				say(i, "ends")
			})
			say(i, "goes on")
		})
	}
	wg.Wait()
	once.Do(func() { say("never printed") })

	var failing sync.Once
	for i := range 3 {
		wg.Go(func() {
			try(fmt.Sprint("call ", i), func() {
				failing.Do(func() {
					runtime.Gosched()
					panic(fmt.Sprint("trouble in ", i))
				})
				say(i, "goes on")
			})
		})
	}
	wg.Wait()

	var left sync.Once
	wg.Go(func() {
		defer say("the goroutine is left")
		left.Do(runtime.Goexit)
		say("never printed")
	})
	wg.Wait()
	left.Do(func() { say("never printed") })

	greet := sync.OnceFunc(func() { say("hello") })
	greet()
	greet()
	fail := sync.OnceFunc(func() {
		say("fails once")
		panic("no luck")
	})
	try("first", fail)
	try("second", fail)
	n := 0
	next := sync.OnceValue(func() int {
		runtime.Gosched()
		n++
		return n
	})
	for i := range 3 {
		wg.Go(func() { say(i, "gets", next()) })
	}
	wg.Wait()
	pair := sync.OnceValues(func() (string, int) { n++; return "n", n })
	for range 2 {
		word, count := pair()
		say(word, count)
	}
	bad := sync.OnceValue(func() int { panic("no number") })
	try("a value", func() { say(bad()) })
	try("the value again", func() { say(bad()) })
}
