package main

import "fmt"

var arr = []int{1, 2, 3}

var x = compute(5)

func compute(i int) int {
	fmt.Println("compute", i)
	return arr[i]
}

func main() { fmt.Println("main", x) }
