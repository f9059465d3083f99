package main

import (
	"fmt"
	"sync"
)

func main() {
	letters := []rune{'A', 'B', 'C'}
	turns := make([]chan int, len(letters))
	for i := range turns {
		turns[i] = make(chan int)
	}

	var wg sync.WaitGroup
	for i, letter := range letters {
		wg.Add(1)
		go func(in <-chan int, out chan<- int) {
			defer wg.Done()
			for round := range in {
				fmt.Printf("%c%d ", letter, round)
				if i == len(letters)-1 {
					fmt.Println()
					round++
					if round > 4 {
						close(out)
						return
					}
				}
				out <- round
			}
			if i < len(letters)-1 {
				close(out)
			}
		}(turns[i], turns[(i+1)%len(letters)])
	}
	turns[0] <- 1
	wg.Wait()
}
