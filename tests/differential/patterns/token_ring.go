//go:build ignore

// A token ring: who has the token may send; and the election of a leader on the same ring.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

type frame struct {
	from, to int
	text     string
	rounds   int
}

type token struct{ rounds int }

func station(i int, letters []frame, in <-chan any, next chan<- any) {
	defer close(next)
	for packet := range in {
		switch p := packet.(type) {
		case token:
			if len(letters) > 0 {
				letter := letters[0]
				letter.rounds = p.rounds
				letters = letters[1:]
				say("station", i, "sends to", letter.to, letter.text)
				next <- letter
				break
			}
			if i == 0 {
				p.rounds++
				say("the token begins round", p.rounds)
				if p.rounds == 4 {
					return
				}
			}
			next <- p
		case frame:
			if p.to == i {
				say("station", i, "gets", p.text)
			}
			if p.from == i {
				// It has come round: the token goes on.
				next <- token{p.rounds}
				break
			}
			next <- p
		}
	}
	say("station", i, "is shut down")
}

// elect finds the largest id: each hands on those that are larger than its own.
func elect(ids []int) int {
	links := make([]chan int, len(ids))
	for i := range links {
		links[i] = make(chan int, 1)
	}
	leader := make(chan int)
	var wg sync.WaitGroup
	for i, id := range ids {
		in, next := links[i], links[(i+1)%len(ids)]
		wg.Go(func() {
			next <- id
			for other := range in {
				switch {
				case other > id:
					say(id, "hands on", other)
					next <- other
				case other == id:
					say(id, "is the leader")
					leader <- id
				default:
					say(id, "drops", other)
				}
			}
		})
	}
	elected := <-leader
	for _, link := range links {
		close(link)
	}
	wg.Wait()
	return elected
}

func main() {
	defer out.Flush()
	const n = 5
	ring := make([]chan any, n)
	for i := range ring {
		ring[i] = make(chan any)
	}
	var wg sync.WaitGroup
	for i := range n {
		var letters []frame
		for k := range i % 3 {
			letters = append(letters, frame{i, (i + 2 + k) % n, fmt.Sprintf("letter %d.%d", i, k), 0})
		}
		wg.Go(func() { station(i, letters, ring[i], ring[(i+1)%n]) })
	}
	ring[0] <- token{}
	wg.Wait()
	_, open := <-ring[0]
	say("open:", open)
	for _, ids := range [][]int{{3, 7, 2, 9, 4}, {1, 2, 3, 4, 5, 6}, {6, 5, 4, 3, 2, 1}, {8}} {
		say("elected", elect(ids))
	}
}
