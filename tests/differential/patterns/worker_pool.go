//go:build ignore

// The twin of examples/worker_pool.py: three workers,
// five jobs of a second each.
package main

import (
	"fmt"
	"sync"
	"time"
)

type pool struct {
	todo    chan int
	doubled chan int
	busy    sync.WaitGroup
}

func (p *pool) work(name int) {
	defer p.busy.Done()
	for n := range p.todo {
		fmt.Printf("Worker %d processing job %d\n", name, n)
		time.Sleep(1 * time.Second)
		p.doubled <- n + n
	}
}

func main() {
	p := pool{todo: make(chan int, 5),
		doubled: make(chan int, 5)}
	for _, name := range []int{1, 2, 3} {
		p.busy.Add(1)
		go p.work(name)
	}
	for _, n := range []int{1, 2, 3, 4, 5} {
		p.todo <- n
	}
	close(p.todo)
	p.busy.Wait()
	close(p.doubled)
	fmt.Print("\nResults:\n")
	for n := range p.doubled {
		fmt.Printf("Result: %d\n", n)
	}
}
