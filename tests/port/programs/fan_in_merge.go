package main

import (
	"fmt"
	"sort"
	"sync"
	"time"
)

func producer(name string, n int, delay time.Duration) <-chan string {
	c := make(chan string)
	go func() {
		defer close(c)
		for i := 1; i <= n; i++ {
			time.Sleep(delay)
			c <- fmt.Sprintf("%s-%d", name, i)
		}
	}()
	return c
}

func merge[T any](cs ...<-chan T) <-chan T {
	var wg sync.WaitGroup
	out := make(chan T)
	output := func(c <-chan T) {
		for v := range c {
			out <- v
		}
		wg.Done()
	}
	wg.Add(len(cs))
	for _, c := range cs {
		go output(c)
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

func main() {
	var got []string
	for s := range merge(producer("a", 3, 2*time.Millisecond), producer("b", 2, 3*time.Millisecond), producer("c", 1, time.Millisecond)) {
		got = append(got, s)
	}
	sort.Strings(got)
	fmt.Println(len(got), got)

	// Fan-in with select and nil channels.
	x, y := producer("x", 2, time.Millisecond), producer("y", 3, time.Millisecond)
	counts := map[byte]int{}
	for x != nil || y != nil {
		select {
		case v, ok := <-x:
			if !ok {
				x = nil
				continue
			}
			counts[v[0]]++
		case v, ok := <-y:
			if !ok {
				y = nil
				continue
			}
			counts[v[0]]++
		}
	}
	fmt.Println(counts)
}
