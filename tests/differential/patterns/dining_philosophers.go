//go:build ignore

// Dining philosophers, each with a fork on either side: forks are mutexes, and the lower one is taken first.
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

type philosopher struct {
	name          string
	first, second int
}

func main() {
	defer out.Flush()
	names := []string{"Ada", "Bo", "Cy", "Di", "Ed"}
	forks := make([]sync.Mutex, len(names))
	var wg sync.WaitGroup
	var mu sync.Mutex
	meals := map[string]int{}
	for i, name := range names {
		left, right := i, (i+1)%len(names)
		p := philosopher{name, min(left, right), max(left, right)}
		wg.Go(func() {
			for range 3 {
				say(p.name, "is hungry")
				forks[p.first].Lock()
				say(p.name, "has fork", p.first)
				runtime.Gosched()
				forks[p.second].Lock()
				say(p.name, "eats with", p.first, "and", p.second)
				mu.Lock()
				meals[p.name]++
				mu.Unlock()
				forks[p.second].Unlock()
				forks[p.first].Unlock()
			}
			say(p.name, "is full")
		})
	}
	wg.Wait()
	for _, name := range names {
		say(name, "had", meals[name])
	}

	// The same with a waiter, who lets one fewer sit down than there are forks, and forks that are channels.
	say("with a waiter")
	seats := make(chan bool, len(names)-1)
	table := make([]chan bool, len(names))
	for i := range table {
		table[i] = make(chan bool, 1)
		table[i] <- true
	}
	for i, name := range names {
		left, right := table[i], table[(i+1)%len(names)]
		wg.Go(func() {
			for meal := range 2 {
				seats <- true
				say(name, "sits down beside", len(seats)-1)
				<-left
				<-right
				say(name, "eats meal", meal)
				right <- true
				left <- true
				<-seats
				say(name, "gets up")
			}
		})
	}
	wg.Wait()
}
