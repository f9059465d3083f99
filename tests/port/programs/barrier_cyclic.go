package main

import (
	"fmt"
	"strings"
	"sync"
)

type Barrier struct {
	mu         sync.Mutex
	cond       *sync.Cond
	size       int
	waiting    int
	generation int
}

func NewBarrier(n int) *Barrier {
	b := &Barrier{size: n}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *Barrier) Await() (last bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	gen := b.generation
	if b.waiting++; b.waiting == b.size {
		b.waiting = 0
		b.generation++
		b.cond.Broadcast()
		return true
	}
	for gen == b.generation {
		b.cond.Wait()
	}
	return false
}

func main() {
	const workers, rounds = 4, 3
	b := NewBarrier(workers)
	logs := make([][]string, rounds)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for r := range rounds {
				mu.Lock()
				logs[r] = append(logs[r], strings.Repeat("*", w+1))
				mu.Unlock()
				if b.Await() {
					fmt.Printf("round %d complete: %d arrived\n", r, len(logs[r]))
				}
			}
		}()
	}
	wg.Wait()
	fmt.Println(b.generation, b.waiting)
}
