// The words of panics, and what recover returns.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"
)

type Shape interface {
	Area() float64
	Perimeter() float64
}

type Square struct{ Side float64 }

func (s Square) Area() float64 { return s.Side * s.Side }

type Circle struct{ R float64 }

func (c *Circle) Area() float64      { return c.R }
func (c *Circle) Perimeter() float64 { return c.R }

type Node struct {
	Value int
	Next  *Node
}

type Color int

type MyErr struct{ Code int }

func (e MyErr) Error() string { return fmt.Sprint("code ", e.Code) }

func try(name string, f func()) {
	defer func() {
		r := recover()
		err, isErr := r.(error)
		_, isRuntime := r.(runtime.Error)
		fmt.Printf("%s: %v | %T %t %t\n", name, r, r, isErr, isRuntime)
		if isErr {
			fmt.Println("   ", err.Error())
		}
	}()
	f()
}

var zero = 0
var sink any

func main() {
	s := []int{1, 2, 3}
	five, minus := 5, -1
	var arr [4]int
	var m map[string]int
	var p *Node
	var shape Shape
	var e any
	var fn func()
	var ch chan int
	str := "héllo"
	try("none", func() {})
	try("string", func() { panic("boom") })
	try("int", func() { panic(42) })
	try("error", func() { panic(errors.New("bad")) })
	try("errorf", func() { panic(fmt.Errorf("ctx: %w", os.ErrNotExist)) })
	try("myerr", func() { panic(MyErr{3}) })
	try("nil", func() { panic(nil) })
	try("struct", func() { panic(Node{1, nil}) })
	try("index", func() { sink = s[five] })
	try("index negative", func() { sink = s[minus] })
	try("index set", func() { s[five] = 1 })
	try("array", func() { sink = arr[five] })
	try("string index", func() { sink = str[five+5] })
	try("string index negative", func() { sink = str[minus] })
	try("slice high", func() { sink = s[:five] })
	try("slice low", func() { sink = s[five:] })
	try("slice both", func() { sink = s[3:zero] })
	try("slice negative", func() { sink = s[minus:] })
	try("slice negative high", func() { sink = s[:minus] })
	try("slice3 max", func() { sink = s[0:1:five] })
	try("slice3 high", func() { sink = s[0:five-1:3] })
	try("slice3 low", func() { sink = s[five-2:2:3] })
	try("string slice high", func() { sink = str[:five+5] })
	try("string slice low", func() { sink = str[five+5:] })
	try("string slice both", func() { sink = str[five:3] })
	try("array slice", func() { sink = arr[:five] })
	try("divide", func() { sink = five / zero })
	try("modulo", func() { sink = five % zero })
	try("nil map", func() { m["a"] = 1 })
	try("nil pointer", func() { sink = p.Value })
	try("nil pointer set", func() { p.Value = 1 })
	try("nil next", func() { sink = (&Node{}).Next.Next })
	try("nil interface", func() { shape.Area() })
	try("nil func", func() { fn() })
	try("close nil", func() { close(ch) })
	try("close closed", func() { c := make(chan int); close(c); close(c) })
	try("send closed", func() { c := make(chan int, 1); close(c); c <- 1 })
	try("shift", func() { sink = 1 << minus })
	try("makeslice", func() { sink = make([]int, minus) })
	try("to array", func() { sink = [4]int(s) })
	try("assert nil", func() { sink = e.(int) })
	e = "text"
	try("assert int", func() { sink = e.(int) })
	try("assert color", func() { sink = e.(Color) })
	try("assert slice", func() { sink = e.([]string) })
	try("assert map", func() { sink = e.(map[string]int) })
	try("assert pointer", func() { sink = e.(*Node) })
	try("assert iface", func() { sink = e.(Shape) })
	e = Square{2}
	try("assert missing", func() { sink = e.(Shape) })
	e = nil
	try("assert nil iface", func() { sink = e.(Shape) })
	shape = &Circle{1}
	try("assert concrete", func() { sink = shape.(*Circle); panic("fine") })
	var any1, any2 any = []int{1}, []int{1}
	try("compare slices", func() { sink = any1 == any2 })
	any1, any2 = map[string]int{}, map[string]int{}
	try("compare maps", func() { sink = any1 == any2 })
	any1, any2 = Node{1, nil}, Node{1, nil}
	try("compare structs", func() { fmt.Println(any1 == any2) })
	any1, any2 = 1, 1.0
	fmt.Println(any1 == any2, any1 == any(1), any(Color(1)) == any1, any("a") == any("a"), any(nil) == nil, any((*Node)(nil)) == nil)
	k := map[any]int{}
	try("unhashable", func() { k[[]int{1}] = 1 })
	try("repanic", func() {
		defer func() { panic(fmt.Sprint("again: ", recover())) }()
		panic("first")
	})
	try("goexit style", func() {
		defer func() { fmt.Println("deferred", recover()) }()
		var q *Node
		q.Next.Value++
	})
	err := fmt.Errorf("a: %w", fmt.Errorf("b: %w", MyErr{7}))
	var target MyErr
	fmt.Println(errors.As(err, &target), target.Code, errors.Is(err, MyErr{7}), errors.Is(err, MyErr{8}), errors.Unwrap(err), err)
	joined := errors.Join(errors.New("x"), err)
	fmt.Println(errors.Is(joined, MyErr{7}), errors.Unwrap(joined), joined)
	w2 := fmt.Errorf("%w and %w", errors.New("p"), MyErr{1})
	fmt.Println(w2, errors.Is(w2, MyErr{1}), errors.Unwrap(w2))
	_, err = os.ReadFile("/no/such/file")
	fmt.Println(err, errors.Is(err, os.ErrNotExist), os.IsNotExist(err))
	var perr *os.PathError
	fmt.Println(errors.As(err, &perr), perr.Op, perr.Path, perr.Err)
	switch x := any(3 * time.Second).(type) {
	case int:
		fmt.Println("int", x)
	case fmt.Stringer:
		fmt.Println("stringer", x)
	}
}
