package main

import "fmt"

// Types whose Python classes have other names, and what prints the names.

type (
	Slice     struct{ a int }
	Ref       int
	Any       string
	Exception struct{ msg string }
	Chan      []int
	None      struct{}
	Protocol  interface{ M() }
	Fields    struct{ x int }
	T         struct{ x int }
)

func local() any {
	type T struct{ y int }
	return T{1}
}

func number() any {
	type T int
	return T(1)
}

type shape interface {
	Sides() int
	areaOf() float64
}

type square struct{}

func (square) Sides() int { return 4 }

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func fields[V any](v V) (any, bool) {
	var pair any = struct{ a, b V }{v, v}
	_, ok := pair.(struct{ a, b int })
	return pair, ok
}

func main() {
	fmt.Printf("%T %T %T %T %T %T %T\n", Slice{1}, Ref(2), Any("x"), Exception{"e"}, Chan{1}, None{}, Fields{1})
	fmt.Printf("%#v %#v %#v %#v %#v\n", Slice{1}, Any("x"), Chan{1}, None{}, Fields{1})
	fmt.Printf("%T %T %T %#v\n", local(), number(), T{3}, local())
	_, ok := local().(T)
	fmt.Println(ok)
	try(func() { _ = local().(T) })
	var v any = square{}
	try(func() { _ = v.(shape) })
	try(func() { _ = v.(Protocol) })
	try(func() { _ = v.(interface{ other() }) })
	fmt.Println(fields(1))
	fmt.Println(fields("a"))
	one, _ := fields(2.5)
	two, _ := fields(2.5)
	fmt.Println(one == two, one == any(struct{ a, b float64 }{2.5, 2.5}))
	fmt.Printf("%T %T\n", one, struct{ T }{T{2}})
}
