//go:build ignore

// Deferred calls: last in, first out, with the arguments of the moment; on return and on panic.
package main

import "fmt"

func say(words ...any) { fmt.Println(words...) }

func loop() {
	for i := range 4 {
		defer say("deferred", i)
	}
	say("loop ends")
}

func arguments() {
	n := 1
	defer say("was", n)
	defer func() { say("is", n) }()
	n = 2
}

func nested() {
	defer say("outer")
	func() {
		defer say("inner")
		say("in the inner function")
	}()
	defer func() {
		defer say("deferred by the deferred")
		say("in the deferred function")
	}()
	say("in the outer function")
}

func early(n int) {
	defer say("early", n, "is done")
	if n == 0 {
		return
	}
	defer say("registered second", n)
}

func panicking() {
	defer func() { say("recovered", recover()) }()
	defer say("runs while it panics")
	panic("trouble")
}

func main() {
	loop()
	arguments()
	nested()
	early(0)
	early(1)
	panicking()
	done := make(chan bool)
	go func() {
		defer close(done)
		defer say("goroutine's first")
		defer say("goroutine's second")
		say("goroutine ends")
	}()
	_, ok := <-done
	say("closed:", !ok)
}
