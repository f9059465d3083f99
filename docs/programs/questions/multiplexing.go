package main

import "fmt"

func count(end int) <-chan int {
	out := make(chan int)
	go func() {
		for n := 1; n <= end; n++ {
			out <- n
		}
		close(out)
	}()
	return out
}

func main() {
	a, b := count(3), count(2)
	total := 0
	for a != nil || b != nil {
		select {
		case n, ok := <-a:
			total += n
			if !ok {
				a = nil // a is closed
			}
		case n, ok := <-b:
			total += n
			if !ok {
				b = nil
			}
		}
	}
	fmt.Println("total", total)
}
