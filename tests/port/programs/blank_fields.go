package main

import "fmt"

type T struct {
	_ int
	A string
	_ bool
}

type U struct {
	T
	_ [2]int
	B any
}

type unit struct{ _ struct{} }

var (
	static = T{7, "s", true}
	list   = []T{{1, "x", true}, {A: "y"}}
)

func side() bool {
	fmt.Print("side ")
	return true
}

func get(n int) T { return T{n, "a", n > 1} }

func main() {
	a, b := get(1), get(2)
	fmt.Println(a == b, a, b, static, list, static == T{8, "s", side()})
	fmt.Printf("%+v %#v %T\n", a, b, a)
	u, v := U{a, [2]int{1, 2}, 3}, U{T: b, B: 3}
	fmt.Printf("%t %v %+v\n", u == v, u, v)
	m := map[T]int{a: 1}
	m[b]++
	m[T{A: "a"}]++
	fmt.Println(len(m), m[a], unit{} == unit{}, [1]T{a} == [1]T{b})
	var x, y any = a, b
	fmt.Println(x == y, x != any(U{}), *&T{2, "p", side()})
	fmt.Println(struct{ _, X int }{1, 2} == struct{ _, X int }{3, 2})
}
