package main

import (
	"fmt"
	"sync"
)

type box struct {
	mu   sync.Mutex
	cond sync.Cond
	pc   *sync.Cond
	n    int
}

func newBox() *box {
	b := &box{}
	b.cond.L = &b.mu
	b.pc = &sync.Cond{L: &b.mu}
	return b
}

func main() {
	b := newBox()
	var wg sync.WaitGroup
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			b.mu.Lock()
			for b.n == 0 {
				b.cond.Wait()
			}
			fmt.Println("woken")
			b.n--
			b.mu.Unlock()
			b.pc.Signal()
		}()
	}
	for i := 0; i < 3; i++ {
		b.mu.Lock()
		b.n++
		b.mu.Unlock()
		b.cond.Broadcast()
		b.mu.Lock()
		for b.n != 0 {
			b.pc.Wait()
		}
		b.mu.Unlock()
	}
	wg.Wait()
	var local sync.Cond
	local.L = &b.mu
	c := sync.Cond{L: &sync.Mutex{}}
	c.Broadcast()
	fmt.Println("done")
}
