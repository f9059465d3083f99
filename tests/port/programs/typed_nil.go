package main

import (
	"errors"
	"fmt"
)

type MyError struct{ Code int }

func (e *MyError) Error() string {
	if e == nil {
		return "nil MyError"
	}
	return fmt.Sprintf("code %d", e.Code)
}

func mayFail(fail bool) error {
	var err *MyError
	if fail {
		err = &MyError{42}
	}
	return err // never equal to nil
}

func correct(fail bool) error {
	if fail {
		return &MyError{7}
	}
	return nil
}

type Shape interface{ Name() string }
type Sq struct{ n string }

func (s *Sq) Name() string {
	if s == nil {
		return "<no square>"
	}
	return s.n
}

type Tree struct {
	L, R *Tree
	V    int
}

func (t *Tree) Sum() int {
	if t == nil {
		return 0
	}
	return t.L.Sum() + t.V + t.R.Sum()
}

func isNil(x interface{}) bool { return x == nil }

func main() {
	err := mayFail(false)
	fmt.Println(err == nil, err != nil, err)
	err = mayFail(true)
	fmt.Println(err == nil, err)
	fmt.Println(correct(false) == nil, correct(true))
	var me *MyError
	fmt.Println(errors.As(mayFail(false), &me), me == nil)

	var s Shape
	fmt.Println(s == nil)
	var sq *Sq
	s = sq
	fmt.Println(s == nil, s.Name(), s == Shape(sq), s.(*Sq) == nil)
	fmt.Printf("%T %v\n", s, sq == nil)
	var p *int
	var m map[string]int
	var f func()
	var ch chan int
	var sl []int
	fmt.Println(isNil(nil), isNil(p), isNil(m), isNil(f), isNil(ch), isNil(sl), isNil(s), isNil(error(nil)))
	fmt.Println(p == nil, m == nil, f == nil, ch == nil, sl == nil)
	var e error
	fmt.Printf("%v %T %v %T\n", e, e, sq, m)
	fmt.Printf("%T %T %v\n", ch, struct{ c chan int }{}.c, ch)
	fmt.Printf("%p %p\n", ch, f)
	tree := &Tree{&Tree{nil, nil, 1}, &Tree{V: 3}, 2}
	fmt.Println(tree.Sum(), (*Tree)(nil).Sum())

	var any1, any2 interface{} = (*int)(nil), (*string)(nil)
	fmt.Println(any1 == any2, any1 == interface{}((*int)(nil)), any1 == nil)
	if v, ok := any1.(*int); ok {
		fmt.Println("an *int that is nil:", v == nil)
	}
	switch v := any2.(type) {
	case nil:
		fmt.Println("nil")
	case *string:
		fmt.Println("*string", v == nil)
	}
	defer func() {
		fmt.Println("recovered:", recover())
		var sh Shape
		fmt.Println(sh.Name())
	}()
	fmt.Println(*p)
}
