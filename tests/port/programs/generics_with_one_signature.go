package main

import "fmt"

type ordered interface {
	~int | ~int8 | ~float64 | ~string
}

type point struct{ x, y int }

// Two functions with the same parameters, results and type parameters.

func first[T any](s []T) T {
	if len(s) == 0 {
		var zero T
		return zero
	}
	return s[0]
}

func last[T any](s []T) T {
	if len(s) == 0 {
		var zero T
		return zero
	}
	return s[len(s)-1]
}

func lowest[T ordered](s ...T) (found T) {
	for i, v := range s {
		if i == 0 || v < found {
			found = v
		}
	}
	return found
}

func total[T ordered](s ...T) (found T) {
	for _, v := range s {
		found += v
	}
	return found
}

func main() {
	fmt.Printf("%v %v\n", first([]int{3, 1}), last([]int{3, 1}))
	fmt.Printf("%q %q\n", first([]string{}), last([]string{}))
	fmt.Printf("%v %v\n", first([]point{}), last([]point{}))
	fmt.Printf("%v %v\n", first([]*point{}) == nil, last([]*point{}) == nil)
	fmt.Printf("%T %T\n", first([]uint8{}), last([]uint8{}))
	fmt.Println(lowest[int](), total[int](), lowest(2.5, 1.5), total(2.5, 1.5))
	fmt.Println(lowest[int8](100, 50), total[int8](100, 50), total("a", "b"))
}
