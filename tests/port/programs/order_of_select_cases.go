package main

import "fmt"

type hub struct{ chans []chan any }

func (h *hub) get(i int) chan any {
	fmt.Print("get", i, " ")
	return h.chans[i]
}

func value(n int) int {
	fmt.Print("value", n, " ")
	return n
}

func open(name string, c chan int) chan int {
	fmt.Print(name, " ")
	return c
}

var count = 1

func bump() int {
	count *= 10
	return count
}

func main() {
	a, b, never := make(chan int, 1), make(chan int), make(chan int)
	select {
	case open("b", b) <- value(2):
	case open("a", a) <- value(1):
		fmt.Println(len(a))
	case <-open("never", never):
	}
	select {
	case v := <-open("a", a):
		fmt.Println("received", v)
	case open("b", b) <- func() int { fmt.Print("literal "); return 1 }():
	case never <- value(3):
	}
	h := &hub{[]chan any{make(chan any), make(chan any, 1)}}
	i := 1
	select {
	case h.get(0) <- value(4):
	case h.get(i) <- value(5) + i:
		fmt.Println(<-h.chans[1])
	}
	// The variable is read before the calls that change it, or after, as in Go.
	select {
	case b <- count:
	case a <- bump() + count:
		fmt.Println(<-a, count)
	}
	for range 2 {
		select {
		case open("b", b) <- bump():
		case open("nil", nil) <- bump():
		default:
			fmt.Println("default", count)
		}
	}
}
