//go:build ignore

// Generators that are made of generators: numbers of the form 2^i 3^j 5^k, power series, and a sieve of filters.
package main

import (
	"bufio"
	"fmt"
	"os"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

func scale(k int, in <-chan int) <-chan int {
	scaled := make(chan int)
	go func() {
		for n := range in {
			scaled <- k * n
		}
		close(scaled)
	}()
	return scaled
}

// merge joins two rising streams, without doubles.
func merge(a, b <-chan int) <-chan int {
	merged := make(chan int)
	go func() {
		x, y := <-a, <-b
		for {
			switch {
			case x < y:
				merged <- x
				x = <-a
			case x > y:
				merged <- y
				y = <-b
			default:
				merged <- x
				x, y = <-a, <-b
			}
		}
	}()
	return merged
}

// hamming feeds what it finds back to its own sources.
func hamming() <-chan int {
	const room = 100
	found := make(chan int)
	var back []chan int
	for range 3 {
		back = append(back, make(chan int, room))
	}
	merged := merge(scale(2, back[0]), merge(scale(3, back[1]), scale(5, back[2])))
	go func() {
		n := 1
		for {
			for _, b := range back {
				b <- n
			}
			found <- n
			n = <-merged
		}
	}()
	return found
}

func count() <-chan int {
	numbers := make(chan int)
	go func() {
		for n := 0; ; n++ {
			numbers <- n
		}
	}()
	return numbers
}

func combine(f func(a, b int) int, a, b <-chan int) <-chan int {
	combined := make(chan int)
	go func() {
		for {
			combined <- f(<-a, <-b)
		}
	}()
	return combined
}

func prefix(first int, rest <-chan int) <-chan int {
	all := make(chan int)
	go func() {
		all <- first
		for n := range rest {
			all <- n
		}
	}()
	return all
}

func fork(in <-chan int) (<-chan int, <-chan int) {
	a, b := make(chan int), make(chan int)
	go func() {
		for n := range in {
			a <- n
			b <- n
		}
	}()
	return a, b
}

func fibonacci() <-chan int {
	loop := make(chan int, 2)
	sums := combine(func(a, b int) int { return a + b }, prefix(0, loop), loopback(loop))
	return sums
}

// loopback gives 1, and then what the sum was the last time; it tells the other term of it too.
func loopback(loop chan<- int) <-chan int {
	last := make(chan int)
	go func() {
		a, b := 0, 1
		for {
			last <- b
			loop <- b
			a, b = b, a+b
		}
	}()
	return last
}

func main() {
	defer out.Flush()
	numbers := hamming()
	for range 30 {
		say("regular", <-numbers)
	}
	squares := combine(func(a, b int) int { return a * b }, count(), count())
	a, b := fork(squares)
	differences := combine(func(a, b int) int { return b - a }, prefix(0, a), b)
	for range 8 {
		say("odd", <-differences)
	}
	sums := fibonacci()
	for range 12 {
		say("fibonacci", <-sums)
	}
	primes := make(chan int)
	go func() {
		var source = count()
		<-source
		<-source
		for {
			p := <-source
			primes <- p
			filtered := make(chan int)
			go func(in <-chan int) {
				for n := range in {
					if n%p != 0 {
						filtered <- n
					}
				}
			}(source)
			source = filtered
		}
	}()
	for range 12 {
		say("prime", <-primes)
	}
}
