//go:build ignore

// A waiter that has waited for more than a millisecond is handed the Mutex, and nobody comes in between.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

func main() {
	defer out.Flush()
	var mu sync.Mutex
	var wg sync.WaitGroup
	waiter := func(i int) {
		wg.Go(func() {
			mu.Lock()
			say("waiter", i, "has it")
			mu.Unlock()
			say("waiter", i, "has given it back")
			mu.Lock()
			say("waiter", i, "has it again")
			mu.Unlock()
		})
	}
	for _, greedy := range []bool{false, true} {
		say("greedy:", greedy)
		mu.Lock()
		for i := range 4 {
			waiter(i)
		}
		runtime.Gosched()
		time.Sleep(4 * time.Millisecond)
		mu.Unlock()
		say("main has unlocked it")
		if greedy {
			mu.Lock()
			say("main has it again")
			// The woken one finds it locked, and asks for a hand-over from now on.
			runtime.Gosched()
			waiter(4)
			waiter(5)
			say("main gives it away")
			mu.Unlock()
			free := mu.TryLock()
			say("main goes on; try:", free)
			if free {
				mu.Unlock()
			}
			mu.Lock()
			say("main had to wait for its turn")
			mu.Unlock()
		}
		wg.Wait()
		say("try at last:", mu.TryLock())
		mu.Unlock()
	}
}
