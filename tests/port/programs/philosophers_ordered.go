package main

import (
	"fmt"
	"sort"
	"sync"
	"time"
)

type Fork struct{ sync.Mutex }

type Philosopher struct {
	id          int
	name        string
	left, right *Fork
	meals       int
}

func (p *Philosopher) dine(wg *sync.WaitGroup, host chan struct{}) {
	defer wg.Done()
	for p.meals < 3 {
		host <- struct{}{}
		p.left.Lock()
		p.right.Lock()
		p.meals++
		time.Sleep(time.Millisecond)
		p.right.Unlock()
		p.left.Unlock()
		<-host
	}
}

func main() {
	names := []string{"Plato", "Socrates", "Aristotle", "Descartes", "Kant"}
	forks := make([]*Fork, len(names))
	for i := range forks {
		forks[i] = new(Fork)
	}
	philosophers := make([]*Philosopher, 0, len(names))
	for i, name := range names {
		l, r := i, (i+1)%len(names)
		if l > r {
			l, r = r, l
		}
		philosophers = append(philosophers, &Philosopher{id: i, name: name, left: forks[l], right: forks[r]})
	}
	host := make(chan struct{}, 4)
	wg := &sync.WaitGroup{}
	wg.Add(len(philosophers))
	for _, p := range philosophers {
		go p.dine(wg, host)
	}
	wg.Wait()
	sort.Slice(philosophers, func(i, j int) bool { return philosophers[i].name < philosophers[j].name })
	total := 0
	for _, p := range philosophers {
		fmt.Printf("%-10s ate %d times (seat %d)\n", p.name, p.meals, p.id)
		total += p.meals
	}
	fmt.Println("meals:", total)
}
