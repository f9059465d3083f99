package main

import (
	"fmt"
	"sync"
	"time"
)

type event struct {
	id   int
	kind string
}

func produce(out chan<- event, kinds []string) {
	for i := 0; i < 9; i++ {
		out <- event{i, kinds[i%len(kinds)]}
	}
	close(out)
}

func main() {
	events := make(chan event, 2)
	go produce(events, []string{"click", "scroll", "key"})

	counts := make(map[string]int)
	ids := make(map[string][]int)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for c := 0; c < 2; c++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for e := range events {
				mu.Lock()
				counts[e.kind]++
				ids[e.kind] = append(ids[e.kind], e.id)
				mu.Unlock()
				time.Sleep(time.Millisecond)
			}
		}()
	}
	finished := make(chan struct{})
	go func() {
		wg.Wait()
		close(finished)
	}()
	select {
	case <-finished:
		fmt.Println("all consumed")
	case <-time.After(10 * time.Second):
		fmt.Println("timed out")
	}
	fmt.Println(counts)
	for _, k := range []string{"click", "scroll", "key"} {
		sum := 0
		for _, id := range ids[k] {
			sum += id
		}
		fmt.Printf("%-6s n=%d sum=%d\n", k, len(ids[k]), sum)
	}
}
