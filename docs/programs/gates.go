package main

import "fmt"

func gate(visitors int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range visitors {
			out <- n + 1
		}
	}()
	return out
}

func main() {
	north, south := gate(4), gate(2)
	var throughNorth, throughSouth []int
	for north != nil || south != nil {
		select {
		case n, ok := <-north:
			if ok {
				throughNorth = append(throughNorth, n)
			} else {
				north = nil
			}
		case n, ok := <-south:
			if ok {
				throughSouth = append(throughSouth, n)
			} else {
				south = nil
			}
		}
	}
	fmt.Println("north gate:", len(throughNorth))
	fmt.Println("south gate:", len(throughSouth))
}
