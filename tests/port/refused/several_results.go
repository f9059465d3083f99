package main

import "fmt"

func parts() (float64, float64) { return 1, 2 }

func slices() ([]int, []int) { return make([]int, 1), []int{3} }

func main() {
	fmt.Println(complex(parts())) // want a call of complex with several results
	copy(slices())                // want a call of copy with several results
}
