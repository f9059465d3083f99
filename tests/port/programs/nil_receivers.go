package main

import (
	"errors"
	"fmt"
)

type T struct {
	n    int
	next *T
	m    map[string]int
	in   Inner
}
type Inner struct{ a int }

func (t *T) Hello() string    { return "hello" }
func (t *T) Get() int         { return t.n }
func (t *T) Set(x int)        { t.n = x }
func (t *T) Next() *T         { return t.next }
func (t T) Val() int          { return t.n }
func (t *T) Print(s string)   { fmt.Println("print", s) }
func (i *Inner) What() string { return "inner" }
func (i *Inner) A() int       { return i.a }
func (t *T) Both() string     { return t.Hello() + "!" }
func (t *T) Len() int {
	n := 0
	for p := t; p != nil; p = p.next {
		n++
	}
	return n
}

type Shape interface{ Hello() string }
type Getter interface{ Get() int }

type E struct{ *T }
type F struct{ T }

type MyErr struct{ msg string }

func (e *MyErr) Error() string { return "myerr" }
func find(ok bool) *MyErr {
	if ok {
		return nil
	}
	return &MyErr{"x"}
}
func ferr(ok bool) error { return find(ok) }

func zeroHello[S Shape]() string {
	var zero S
	return zero.Hello()
}

func sizes[Z interface{ Size() int }](zs ...Z) (n int) {
	for _, z := range zs {
		n += z.Size()
	}
	return n
}

type L struct{ items []int }

func (l *L) Size() int {
	if l == nil {
		return -1
	}
	return len(l.items)
}
func (l *L) Add(x int) *L {
	if l == nil {
		l = &L{}
	}
	l.items = append(l.items, x)
	return l
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panic:", r)
			var re interface{ RuntimeError() }
			if e, ok := r.(error); ok {
				fmt.Println(errors.As(e, &re))
			}
		}
	}()
	f()
	fmt.Println(name, "ok")
}

func newT(b bool) *T {
	if b {
		return &T{n: 1}
	}
	return nil
}

func main() {
	fmt.Println(zeroHello[*T](), sizes(nil, &L{[]int{1}}, (*L)(nil)))
	var t *T
	try("hello", func() { fmt.Println(t.Hello()) })
	try("get", func() { fmt.Println(t.Get()) })
	try("set", func() { t.Set(1) })
	try("next", func() { t.Next() })
	try("val", func() { fmt.Println(t.Val()) })
	try("print", func() { t.Print("x") })
	try("both", func() { fmt.Println(t.Both()) })
	try("len", func() { fmt.Println(t.Len()) })
	try("inner", func() { fmt.Println(t.in.What()) })
	try("innera", func() { fmt.Println(t.in.A()) })
	try("method value", func() { f := t.Hello; fmt.Println(f()) })
	try("value method value", func() { f := t.Val; fmt.Println("made"); fmt.Println(f()) })
	try("method expr", func() { fmt.Println((*T).Hello(nil)) })
	try("iface", func() { var s Shape = t; fmt.Println(s == nil, s.Hello()) })
	try("iface get", func() { var s Getter = t; fmt.Println(s.Get()) })
	try("nil iface", func() { var s Shape; fmt.Println(s.Hello()) })
	try("embedded ptr", func() { var e E; fmt.Println(e.Hello()) })
	try("embedded ptr get", func() { var e E; fmt.Println(e.Get()) })
	try("embedded val nil", func() { var f *F; fmt.Println(f.Hello()) })
	try("chain", func() { t2 := newT(true); fmt.Println(t2.Next().Hello()) })
	try("chain2", func() { fmt.Println(newT(false).Next()) })
	try("go", func() {
		done := make(chan bool)
		go func() { defer close(done); t.Print("in go") }()
		<-done
	})
	try("defer", func() { defer t.Print("deferred") })
	try("map nil", func() { t2 := &T{}; t2.m["a"] = 1 })
	try("map nil read", func() { t2 := &T{}; fmt.Println(t2.m["a"]) })
	var l *L
	fmt.Println(l.Size(), l.Add(1).Size())
	e := ferr(true)
	fmt.Println(e == nil, e != nil)
	try("err", func() { fmt.Println(e.Error()) })
	fmt.Println(e)
	var ts []*T = make([]*T, 2)
	try("elem", func() { fmt.Println(ts[0].Hello()) })
	try("elem n", func() { fmt.Println(ts[0].n) })
	m := map[string]*T{}
	try("map elem", func() { fmt.Println(m["x"].Hello()) })
	try("map elem n", func() { fmt.Println(m["x"].n) })
	var fn func(int) int
	try("nil func", func() { fn(1) })
	var pp **T
	try("pp", func() { fmt.Println((*pp).n) })
	var pi *int
	try("pi", func() { *pi = 3 })
	try("pi read", func() { fmt.Println(*pi) })
	var parr *[3]int
	try("parr len", func() { fmt.Println(len(parr)) })
	try("parr range", func() {
		for i := range parr {
			fmt.Print(i, " ")
		}
		fmt.Println()
	})
	try("parr idx", func() { fmt.Println(parr[1]) })
	try("parr slice", func() { fmt.Println(parr[:]) })
	try("copy struct", func() { x := *t; fmt.Println(x.n) })
	try("assign struct", func() { *t = T{} })
}
