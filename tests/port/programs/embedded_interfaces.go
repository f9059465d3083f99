package main

import (
	"errors"
	"fmt"
)

type Any interface{}
type Both interface {
	Any
	fmt.Stringer
	Foo() int
}
type Timeout interface {
	error
	Timeout() bool
}
type a struct{}

func (a) Foo() int { return 1 }

type b struct{ a }

func (b) String() string { return "b" }

type te struct{}

func (te) Error() string { return "te" }
func (te) Timeout() bool { return true }

func show(x Both) { fmt.Println(x, x.String(), x.Foo()) }

func main() {
	for _, x := range []any{a{}, b{}, te{}, errors.New("x")} {
		_, ok := x.(Both)
		_, ok2 := x.(Timeout)
		_, ok3 := x.(interface {
			fmt.Stringer
			error
		})
		fmt.Println(ok, ok2, ok3)
	}
	show(b{})
	var t Timeout = te{}
	fmt.Println(t.Error(), t.Timeout(), t)
}
