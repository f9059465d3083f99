// Function literals in package variables, and functions and variables of the program with the names they are given.
package main

import "fmt"

type row struct {
	call func(int) int
	name string
}

func call(n int) int { return n * 100 }

var table = []row{
	{call: func(n int) int {
		n++
		return n
	}, name: "a"},
}

var other = []row{
	{call: func(n int) int {
		n--
		return n
	}, name: "b"},
}

func main() {
	fmt.Println(call(2), table[0].call(2), other[0].call(2))
}

var pair, _ = func() (int, int) {
	n := 5
	n++
	return n, 1
}()

var m = map[string]func() int{
	"x": func() int { a := 1; a++; return a },
	"y": func() int { a := 3; a++; return a },
}

var body = 7
var value = 8
var held = struct{ f func() int }{func() int { b := 4; b++; return b }}

func init() {
	fmt.Println(pair, m["x"](), m["y"](), body, value, held.f())
}
