package main

import "fmt"

type Tree struct {
	Left  *Tree
	Value int
	Right *Tree
}

func (t *Tree) Insert(v int) *Tree {
	if t == nil {
		return &Tree{nil, v, nil}
	}
	if v < t.Value {
		t.Left = t.Left.Insert(v)
	} else {
		t.Right = t.Right.Insert(v)
	}
	return t
}

func Walk(t *Tree, ch chan int) {
	if t == nil {
		return
	}
	Walk(t.Left, ch)
	ch <- t.Value
	Walk(t.Right, ch)
}

func Walker(t *Tree) <-chan int {
	ch := make(chan int)
	go func() {
		Walk(t, ch)
		close(ch)
	}()
	return ch
}

func Same(t1, t2 *Tree) bool {
	c1, c2 := Walker(t1), Walker(t2)
	for {
		v1, ok1 := <-c1
		v2, ok2 := <-c2
		if !ok1 || !ok2 {
			return ok1 == ok2
		}
		if v1 != v2 {
			return false
		}
	}
}

func build(vs ...int) (t *Tree) {
	for _, v := range vs {
		t = t.Insert(v)
	}
	return
}

func fib() func() int {
	a, b := 0, 1
	return func() int {
		defer func() { a, b = b, a+b }()
		return a
	}
}

func main() {
	t1, t2, t3 := build(5, 3, 8, 1, 4), build(1, 3, 4, 5, 8), build(5, 3, 8, 1, 7)
	fmt.Println(Same(t1, t2), Same(t1, t3), Same(nil, build()))
	for v := range Walker(t1) {
		fmt.Print(v, " ")
	}
	fmt.Println()
	next := fib()
	for i := 0; i < 10; i++ {
		fmt.Print(next(), ",")
	}
	fmt.Println()
	other := fib()
	fmt.Println(other(), other(), other(), next())
}
