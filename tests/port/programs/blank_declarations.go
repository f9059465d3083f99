package main

import "fmt"

// Declarations without a name, lengths of what pointers point to, and shifts by floats.

type _ int

var _ thing

var _, named int

type thing struct{ n int }

func (t *thing) _()        {}
func (t thing) _() int     { return 1 }
func (t thing) Twice() int { return 2 * t.n }

type doubler interface{ Twice() int }

// Embeds what has the method, and is a type argument.
type box[T any] struct {
	thing
	value T
}

func twice[D doubler](d D) int { return d.Twice() }

type source func() source

func list[T any]() lazy[T] { return nil }

type lazy[T any] func() lazy[T]

func none() *[4]int {
	fmt.Println("none")
	return nil
}

func main() {
	fmt.Println(twice(box[string]{thing{3}, "x"}), twice(&box[int]{thing{4}, 1}), thing{5}.Twice())
	fmt.Println(len(none()), cap(none()), named)
	var s source
	fmt.Println(s == nil, list[int]() == nil)
	one := 1
	fmt.Println(one<<3.0, 256>>2.0, one<<1e1)
}
