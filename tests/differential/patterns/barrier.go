//go:build ignore

// Barriers at which all wait for the last: of a Cond, of two channels, and of a WaitGroup a round.
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

type barrier interface{ wait(who int) }

type condBarrier struct {
	mu            sync.Mutex
	cond          *sync.Cond
	n, here, turn int
}

func (b *condBarrier) wait(who int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	turn := b.turn
	b.here++
	if b.here == b.n {
		say(who, "is the last of turn", turn)
		b.here = 0
		b.turn++
		b.cond.Broadcast()
		return
	}
	for turn == b.turn {
		b.cond.Wait()
	}
}

type chanBarrier struct{ arrive, leave chan int }

func (b *chanBarrier) serve(n int) {
	for {
		for range n {
			<-b.arrive
		}
		say("all have arrived")
		for i := range n {
			b.leave <- i
		}
	}
}

func (b *chanBarrier) wait(who int) {
	b.arrive <- who
	say(who, "leaves as number", <-b.leave)
}

func run(name string, b barrier, n int) {
	say(name)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			for round := range 3 {
				for range i % 3 {
					runtime.Gosched()
				}
				say(i, "is done with round", round)
				b.wait(i)
			}
		})
	}
	wg.Wait()
}

func main() {
	defer out.Flush()
	cond := &condBarrier{n: 4}
	cond.cond = sync.NewCond(&cond.mu)
	run("a condition", cond, 4)
	channels := &chanBarrier{make(chan int), make(chan int)}
	go channels.serve(4)
	run("channels", channels, 4)

	// Rounds of the game of life, a goroutine a row.
	world := []string{"......", "..#...", "...#..", ".###..", "......", "......"}
	alive := func(x, y int) int {
		n := len(world)
		if world[(y+n)%n][(x+n)%n] == '#' {
			return 1
		}
		return 0
	}
	for range 3 {
		next := make([]string, len(world))
		var rows sync.WaitGroup
		for y := range world {
			rows.Go(func() {
				row := ""
				for x := range world[y] {
					around := -alive(x, y)
					for dy := -1; dy <= 1; dy++ {
						for dx := -1; dx <= 1; dx++ {
							around += alive(x+dx, y+dy)
						}
					}
					if around == 3 || around == 2 && alive(x, y) == 1 {
						row += "#"
					} else {
						row += "."
					}
				}
				next[y] = row
				say("row", y, "is ready")
			})
		}
		rows.Wait()
		world = next
		for _, row := range world {
			say(row)
		}
	}
}
