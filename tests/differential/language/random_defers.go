//go:build ignore

// Three hundred programs drawn by chance: functions that defer, panic, recover, exit and call each other.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<22)

var state = 129

func draw(n int) int {
	state = state * 16807 % 2147483647
	return state / 7 % n
}

var named, left int

// name numbers whatever happens.
func name() int {
	named++
	return named
}

func say(words ...any) { fmt.Fprintln(out, words...) }

func recoverInside() any { return recover() }

func body(depth int) {
	id := name()
	say("body", id)
	if depth == 0 {
		return
	}
	for range 1 + draw(4) {
		if left == 0 {
			break
		}
		left--
		k := name()
		switch draw(16) {
		case 0:
			defer say("deferred", k)
		case 1, 2:
			defer func() { say(k, "recovers", recover()) }()
		case 3:
			defer func() {
				say(k, "panics anew")
				panic(fmt.Sprint("new ", k))
			}()
		case 4, 5:
			defer body(depth - 1)
		case 6:
			defer func() {
				fault := recover()
				say(k, "recovers and passes on", fault)
				if fault != nil {
					panic(fault)
				}
			}()
		case 7:
			if draw(3) == 0 {
				defer func() {
					say(k, "exits")
					runtime.Goexit()
				}()
			}
		case 8:
			defer func() { say(k, "has a helper that recovers", recoverInside()) }()
		case 9:
			defer func() {
				body(depth - 1)
				say(k, "recovers after a call", recover())
			}()
		case 10:
			for i := range 3 {
				defer func() { say("loop", k, i) }()
			}
		case 11:
			say(k, "panics")
			panic(k)
		case 12:
			if draw(4) == 0 {
				say(k, "exits")
				runtime.Goexit()
			}
		case 13:
			say(k, "returns")
			return
		default:
			body(depth - 1)
			say("back in", id)
		}
	}
	say("end of", id)
}

func main() {
	defer out.Flush()
	for n := range 300 {
		say("program", n)
		named, left = 0, 30
		done := make(chan string)
		go func() {
			how := "exits"
			defer func() { done <- how }()
			defer func() { say("at last", recover()) }()
			body(4)
			how = "returns"
		}()
		say("it", <-done)
	}
}
