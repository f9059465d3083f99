// Pointers whose String method fmt calls, and values of the same types, which have none.
package main

import (
	"fmt"
	"math/big"
)

type listFlag []string

func (l *listFlag) String() string { return "LF" + fmt.Sprint([]string(*l)) }
func (l *listFlag) Set(s string)   { *l = append(*l, s) }

type M map[string]int

func (m *M) String() string { return "M!" }

type Num int

func (i *Num) String() string { return "I!" }

type A [2]int

func (a *A) String() string { return "A!" }

type S struct{ n int }

func (s *S) String() string { return "S!" }

type W struct {
	L listFlag
	S S
	Q *S
}

type E []string

func (e *E) Error() string { return "E!" }

func f() error { return &E{"x"} }

func main() {
	l := listFlag{"a"}
	var s fmt.Stringer = &l
	fmt.Println(s, &l, l)
	s.(*listFlag).Set("b")
	fmt.Printf("%v %s %v %T %T\n", s, s, l, s, l)
	m := M{"a": 1}
	s = &m
	fmt.Println(s, &m, m)
	i := Num(3)
	s = &i
	fmt.Println(s, i)
	a := A{1, 2}
	s = &a
	fmt.Println(s, a, &a)
	x := S{1}
	s = &x
	fmt.Println(s, x, &x)
	fmt.Println(W{L: l, S: x}, []listFlag{l}, []*S{}, []any{&l, l, &x, x, &a, a})
	err := f()
	fmt.Println(err)
	if e, ok := err.(*E); ok {
		fmt.Println(*e, len(*e), e)
	}
	var bi *big.Int
	fmt.Println(bi, big.NewInt(3), struct{ b *big.Int }{}, struct{ B *big.Int }{big.NewInt(4)})
	var np *S
	fmt.Println(np == nil)
}
