//go:build ignore

// Who gets a Mutex: one that is woken competes with whoever runs, and stands in front if it loses.
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

func main() {
	defer out.Flush()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			for round := range 4 {
				mu.Lock()
				say(i, "has it in round", round)
				if (i+round)%2 == 0 {
					runtime.Gosched()
				}
				mu.Unlock()
				say(i, "has given it back")
				if round == 2 {
					runtime.Gosched()
				}
			}
		})
	}
	wg.Wait()

	mu.Lock()
	say("try while it is locked:", mu.TryLock())
	for i := range 4 {
		wg.Go(func() {
			say(i, "asks for it")
			mu.Lock()
			say(i, "has it; try:", mu.TryLock())
			mu.Unlock()
			say(i, "has left")
		})
	}
	runtime.Gosched()
	mu.Unlock()
	say("unlocked, and a waiter woken; try:", mu.TryLock())
	runtime.Gosched()
	say("the waiter came too late")
	mu.Unlock()
	mu.Lock()
	say("main was faster again")
	mu.Unlock()
	wg.Wait()

	mu.Lock()
	go func() {
		say("unlocks what main has locked")
		mu.Unlock()
		say("has unlocked it")
	}()
	mu.Lock()
	say("main has it again")
}
