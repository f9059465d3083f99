// A select of many cases in a loop: channels that stay the same, and some that do not.
package main

import "fmt"

func steady() {
	var c [7]chan int
	for i := range c {
		c[i] = make(chan int)
		go func() {
			for k := range 3 {
				c[i] <- i*10 + k
			}
		}()
	}
	sum := 0
	for n := 0; n < 21; n++ {
		select {
		case v := <-c[0]:
			sum += v
		case v := <-c[1]:
			sum += v
		case v := <-c[2]:
			sum += v
		case v := <-c[3]:
			sum += v
		case v := <-c[4]:
			sum += v
		case v := <-c[5]:
			sum += v
		case v := <-c[6]:
			sum += v
		}
	}
	fmt.Println(sum)
}

func closing() {
	a, b, c := make(chan string, 1), make(chan string, 1), make(chan string, 1)
	d, e, f := make(chan string, 1), make(chan string, 1), make(chan string, 1)
	for _, ch := range []chan string{a, b, c, d, e, f} {
		ch <- "x"
		close(ch)
	}
	open := 6
	got := 0
	for open > 0 {
		select {
		case _, ok := <-a:
			if !ok {
				a = nil
				open--
				continue
			}
			got++
		case _, ok := <-b:
			if !ok {
				b = nil
				open--
				continue
			}
			got++
		case _, ok := <-c:
			if !ok {
				c = nil
				open--
				continue
			}
			got++
		case _, ok := <-d:
			if !ok {
				d = nil
				open--
				continue
			}
			got++
		case _, ok := <-e:
			if !ok {
				e = nil
				open--
				continue
			}
			got++
		case _, ok := <-f:
			if !ok {
				f = nil
				open--
				continue
			}
			got++
		}
	}
	fmt.Println(got)
}

func inner(quit chan int) {
	var c [5]chan int
	for i := range c {
		c[i] = make(chan int, 2)
	}
	for round := range 2 {
		c[round] <- round + 5
		for done := false; !done; {
			select {
			case v := <-c[0]:
				fmt.Println("first", v)
			case v := <-c[1]:
				fmt.Println("second", v)
				done = true
			case <-c[2]:
			case <-c[3]:
			case <-c[4]:
			case v, ok := <-quit:
				fmt.Println("quit", v, ok)
				done = true
			}
			if round == 0 && !done {
				close(quit)
			}
		}
		c[1], quit = make(chan int, 2), nil
		c[1] <- 9
	}
}

func main() {
	steady()
	closing()
	inner(make(chan int))
}
