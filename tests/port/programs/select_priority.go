package main

import "fmt"

type signal struct{}

func main() {
	high, low, quit := make(chan int, 10), make(chan int, 10), make(chan signal, 1)
	for i := 0; i < 5; i++ {
		low <- i
		if i%2 == 0 {
			high <- i * 100
		}
	}
	quit <- signal{}

	var order []int
	handled := [2]int{}
	target := map[string]int{}
	running := true
	for running {
		select {
		case v := <-high:
			handled[0]++
			order = append(order, v)
			continue
		default:
		}
		select {
		case target["low"] = <-low:
			handled[1]++
			order = append(order, target["low"])
		default:
			select {
			case <-quit:
				running = false
			default:
				fmt.Println("idle")
			}
		}
	}
	fmt.Println(order, handled, target)

	full := make(chan string, 1)
	for _, s := range []string{"first", "second"} {
		select {
		case full <- s:
			fmt.Println("sent", s)
		default:
			fmt.Println("full, dropped", s)
		}
	}
	var never chan int
	select {
	case v, ok := <-never:
		fmt.Println(v, ok)
	case msg, ok := <-full:
		fmt.Println(msg, ok)
		break
	}
	close(full)
	msg, ok := <-full
	fmt.Printf("%q %t\n", msg, ok)
}
