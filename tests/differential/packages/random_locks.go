//go:build ignore

// Forty programs drawn by chance: goroutines that share mutexes, conditions, groups and semaphores.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sync/semaphore"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<22)

var state = 5

func draw(n int) int {
	state = state * 16807 % 2147483647
	return state / 7 % n
}

// align takes turns until as many are behind it as ever: how many the runtime took before main varies, and
// whoever is in the global queue comes out at every 61st.
func align() {
	var wg sync.WaitGroup
	ran := 0
	burn := func(n int) {
		wg.Add(n)
		for range n {
			go func() {
				ran++
				wg.Done()
			}()
		}
	}
	burn(100)
	runtime.Gosched()
	before := ran
	wg.Wait()
	burn(before)
	wg.Wait()
}

type program struct {
	mu      sync.Mutex
	rw      sync.RWMutex
	cond    *sync.Cond
	once    sync.Once
	sem     *semaphore.Weighted
	wg      sync.WaitGroup
	token   chan int
	spawned int
}

func (p *program) start(steps int) {
	id := p.spawned
	p.spawned++
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		for i := range steps {
			say := func(words ...any) {
				fmt.Fprintln(out, append([]any{"goroutine", id, "step", i}, words...)...)
			}
			p.take(say, draw(14), draw(3))
		}
	}()
}

func pause(n int) {
	if n > 0 {
		runtime.Gosched()
	}
}

func (p *program) take(say func(...any), what, n int) {
	switch what {
	case 0, 1:
		p.mu.Lock()
		say("locked")
		pause(n)
		p.mu.Unlock()
		say("unlocked")
	case 2:
		if p.mu.TryLock() {
			say("was free")
			pause(n)
			p.mu.Unlock()
		} else {
			say("was locked")
		}
	case 3, 4:
		p.rw.RLock()
		say("reads")
		pause(n)
		p.rw.RUnlock()
		say("has read")
	case 5:
		p.rw.Lock()
		say("writes")
		pause(n)
		p.rw.Unlock()
		say("has written")
	case 6:
		if p.rw.TryRLock() {
			say("may read")
			p.rw.RUnlock()
		}
		if p.rw.TryLock() {
			say("may write")
			p.rw.Unlock()
		}
	case 7:
		p.cond.L.Lock()
		say("waits")
		p.cond.Wait()
		say("was told")
		pause(n)
		p.cond.L.Unlock()
	case 8:
		say("signals")
		p.cond.Signal()
	case 9:
		say("tells all")
		p.cond.Broadcast()
	case 10:
		p.once.Do(func() {
			say("is the first")
			pause(1)
		})
		say("is not before the first")
	case 11:
		p.sem.Acquire(context.Background(), int64(1+n))
		say("holds", 1+n)
		pause(n)
		p.sem.Release(int64(1 + n))
		say("released", 1+n)
	case 12:
		say("starts another")
		p.start(draw(3))
	default:
		p.token <- n
		say("has the token")
		pause(n)
		<-p.token
		say("gave it back")
	}
}

func main() {
	defer out.Flush()
	align()
	for n := range 40 {
		fmt.Fprintln(out, "program", n)
		p := &program{sem: semaphore.NewWeighted(3), token: make(chan int, 1)}
		p.cond = sync.NewCond(&p.mu)
		for range 2 + draw(4) {
			p.start(2 + draw(4))
		}
		ended := false
		go func() {
			p.wg.Wait()
			fmt.Fprintln(out, "all have ended")
			ended = true
		}()
		// Those that wait for a signal by then are told, as often as it takes.
		for i := 0; !ended; i++ {
			runtime.Gosched()
			if i > 20 {
				p.cond.Broadcast()
			}
		}
		fmt.Fprintln(out, "spawned:", p.spawned)
	}
}
