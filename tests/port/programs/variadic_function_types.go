// The types of variadic functions, in type switches and as %T prints them.
package main

import "fmt"

type Option func(...string) int

func sum(xs ...int) int { return len(xs) }

func kind(x any) string {
	switch f := x.(type) {
	case func(...int) int:
		return fmt.Sprint("ints ", f(1, 2))
	case func(string, ...any):
		return "printf"
	case func(...string) int:
		return "strings"
	case func([]int) int:
		return "slice"
	case Option:
		return "option"
	}
	return "?"
}

func main() {
	fmt.Printf("%T\n", sum)
	fmt.Printf("%T\n", fmt.Println)
	f := func(s string, xs ...any) {}
	fmt.Printf("%T\n", f)
	g := func(xs ...string) int { return 0 }
	h := func(xs []int) int { return 0 }
	fmt.Println(kind(sum), kind(f), kind(g), kind(h), kind(Option(g)), kind(1))
	m := map[string]any{"a": sum, "b": g}
	fmt.Printf("%T %T\n", m["a"], m["b"])
	fmt.Printf("%T\n", Option(g))
	fmt.Printf("%T\n", []func(...int) int{sum})
}
