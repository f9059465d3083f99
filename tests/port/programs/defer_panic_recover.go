package main

import (
	"errors"
	"fmt"
	"os"
)

func deferOrder() {
	for i := 0; i < 3; i++ {
		defer fmt.Println("deferred", i)
	}
	x := 10
	defer fmt.Println("x was", x)
	defer func() { fmt.Println("x is", x) }()
	x = 20
}

func named(n int) (result int, err error) {
	defer func() {
		result *= 2
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	if n > 2 {
		result = n
		panic("too big")
	}
	return n + 1, nil
}

func unnamed() int {
	r := 1
	defer func() { r = 100 }()
	return r
}

func nested() (s string) {
	defer func() {
		s += fmt.Sprint("|outer:", recover())
	}()
	defer func() {
		defer func() {
			s += fmt.Sprint("|inner:", recover())
		}()
		panic("second")
	}()
	s = "start"
	panic("first")
}

func rethrow() (err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok && errors.Is(e, os.ErrClosed) {
				err = e
				return
			}
			panic(r)
		}
	}()
	panic(fmt.Errorf("wrapped: %w", os.ErrClosed))
}

type resource string

func (r resource) Close()       { fmt.Println("closing", string(r)) }
func open(name string) resource { fmt.Println("opening", name); return resource(name) }

func chain() resource { return open("chained") }

func use() {
	defer open("a").Close()
	b := open("b")
	defer b.Close()
	b = "renamed"
	defer chain().Close()
	fmt.Println("using", b)
}

func helper() interface{} { return recover() } // called by a deferred function, not deferred itself

func notDirect() (msg string) {
	defer func() { msg = fmt.Sprint("direct: ", recover()) }()
	defer func() { helper() }()
	panic("still here")
}

func loopDefer(names ...string) (out []string) {
	for _, n := range names {
		func() {
			defer func() { out = append(out, "done "+n) }()
			out = append(out, n)
		}()
	}
	return out
}

func ofLiteral(i int) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprint(r)
		}
	}()
	return []string{"a", "b"}[i+1]
}

func main() {
	deferOrder()
	fmt.Println(ofLiteral(0), ofLiteral(1))
	fmt.Println(named(1))
	fmt.Println(named(3))
	fmt.Println(unnamed())
	fmt.Println(nested())
	fmt.Println(rethrow())
	use()
	fmt.Println(notDirect())
	fmt.Println(loopDefer("a", "b"))
	fmt.Println("no panic:", recover())
	defer fmt.Println("deferred in main: printed before the crash")
	defer func() {
		r := recover()
		fmt.Println("caught", r)
		panic(fmt.Sprintf("again: %v", r))
	}()
	var arr []int
	idx := 5
	fmt.Println(arr[idx])
}
