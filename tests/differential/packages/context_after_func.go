//go:build ignore

// AfterFunc: a function in a goroutine of its own once the context has ended, unless it was stopped before.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	defer out.Flush()
	parent, cancel := context.WithCancel(context.Background())
	child, cancelChild := context.WithCancel(parent)
	defer cancelChild()
	done := make(chan string)
	say := func(word string) func() {
		return func() {
			fmt.Fprintln(out, word, "runs:", parent.Err(), child.Err())
			done <- word
		}
	}
	stopStopped := context.AfterFunc(parent, say("stopped"))
	fmt.Fprintln(out, "stop:", stopStopped())
	fmt.Fprintln(out, "stop again:", stopStopped())
	stopFirst := context.AfterFunc(child, say("first"))
	cancel()
	fmt.Fprintln(out, "cancelled")
	fmt.Fprintln(out, "stop, too late:", stopFirst())
	fmt.Fprintln(out, "done:", <-done)
	stopLate := context.AfterFunc(parent, say("late"))
	fmt.Fprintln(out, "registered late")
	runtime.Gosched()
	fmt.Fprintln(out, "stop, too late again:", stopLate())
	fmt.Fprintln(out, "done:", <-done)
	never := context.AfterFunc(context.Background(), say("never"))
	fmt.Fprintln(out, "stop what never runs:", never(), never())
}
