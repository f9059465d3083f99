//go:build ignore

// Five hundred programs drawn by chance: goroutines that send, receive, select, close, yield and spawn.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<22)

var state = 1

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

type step struct{ what, a, b int }

type program struct {
	channels []chan int
	wg       sync.WaitGroup
	spawned  int
}

func script(length int) []step {
	steps := make([]step, length)
	for i := range steps {
		steps[i] = step{draw(20), draw(3), draw(3)}
	}
	return steps
}

func (p *program) start(steps []step) {
	id := p.spawned
	p.spawned++
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		for i, s := range steps {
			fmt.Fprintln(out, "goroutine", id, "step", i, p.take(id, i, s))
		}
	}()
}

func (p *program) take(id, i int, s step) (result string) {
	defer func() {
		if fault := recover(); fault != nil {
			result = fmt.Sprint("panic: ", fault)
		}
	}()
	a, b := p.channels[s.a], p.channels[s.b]
	value := 100*id + i
	switch {
	case s.what < 5:
		a <- value
		return "sent"
	case s.what < 10:
		v, ok := <-a
		return fmt.Sprint("received ", v, " ", ok)
	case s.what < 12:
		select {
		case v, ok := <-a:
			return fmt.Sprint("polled ", v, " ", ok)
		default:
			return "polled nothing"
		}
	case s.what < 13:
		select {
		case a <- value:
			return "offered"
		default:
			return "offered in vain"
		}
	case s.what < 16:
		// Ready cases are tried one by one before the select, so that chance has no say in it.
		select {
		case v, ok := <-a:
			return fmt.Sprint("first ", v, " ", ok)
		default:
		}
		select {
		case b <- value:
			return "second"
		default:
		}
		select {
		case v, ok := <-a:
			return fmt.Sprint("waited for the first ", v, " ", ok)
		case b <- value:
			return "waited for the second"
		}
	case s.what < 17:
		close(a)
		return "closed"
	case s.what < 19:
		runtime.Gosched()
		return "yielded"
	default:
		p.start(script(draw(4)))
		return "spawned"
	}
}

func main() {
	defer out.Flush()
	align()
	for n := range 500 {
		fmt.Fprintln(out, "program", n)
		p := &program{}
		for range 3 {
			p.channels = append(p.channels, make(chan int, draw(3)))
		}
		for range 2 + draw(6) {
			p.start(script(2 + draw(8)))
		}
		ended := false
		go func() {
			p.wg.Wait()
			fmt.Fprintln(out, "all have ended")
			ended = true
		}()
		// Those that are stuck by then stay so.
		for i := 0; i < 40 && !ended; i++ {
			runtime.Gosched()
		}
		fmt.Fprintln(out, "left over:", len(p.channels[0]), len(p.channels[1]), len(p.channels[2]))
	}
}
