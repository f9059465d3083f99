package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
)

type Handler func(string) string

func (h Handler) Handle(s string) string { return h(s) }

type Step func(int) Step

func (s Step) Name() string { return "step" }
func (s Step) Run(n int) Step { return s(n) }

type Both func(a int, b ...string) (int, error)

func (f Both) Do() (int, error) { return f(1, "x") }

type Named struct{ h Handler; list []int; str string }

func (n Named) Str() string { return n.str }
func (n Named) List() []int { return n.list }
func (n Named) Int() int { return len(n.list) }
func (n Named) Float() float64 { return 1.5 }

type Row [2]int

type Grid struct {
	seen map[Row]bool
	cost map[[2]int]string
}

type Shape interface{ Area() float64 }
type Square struct{ s float64 }

func (q Square) Area() float64 { return q.s * q.s }

type MyErr struct{ code int }

func (e MyErr) Error() string { return fmt.Sprint("code ", e.code) }

type Config struct{ level int }

func describe(v interface{ Area() float64 }) float64 { return v.Area() }

func pick(n int) (f func(int) int) {
	switch n {
	case 0:
		return nil
	}
	return func(x int) int { return x + n }
}

func kind(x any) string {
	switch v := x.(type) {
	case Shape:
		return fmt.Sprint("shape ", v.Area())
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	case int, string:
		return fmt.Sprint("plain ", v)
	case []int:
		return fmt.Sprint("ints ", len(v))
	case func() int:
		return fmt.Sprint("func ", v())
	case *Config:
		return fmt.Sprint("config ", v.level)
	case map[string]int:
		return fmt.Sprint(len(v))
	case nil:
		return "nil"
	}
	return "?"
}

func asShape(x any) Shape {
	s, ok := x.(Shape)
	if !ok {
		return nil
	}
	return s
}

func length(x any) int { return len(x.(string)) }

func main() {
	var st Step
	st = func(n int) Step { fmt.Println("n", n); return st }
	fmt.Println(st.Run(1).Name())
	fmt.Println(Handler(func(s string) string { return s + "!" }).Handle("a"))
	var b Both = func(a int, b ...string) (int, error) { return a + len(b), nil }
	fmt.Println(b.Do())
	n := Named{str: "s", list: []int{1}}
	fmt.Println(n.Str(), n.List(), n.Int(), n.Float(), n.h == nil)
	g := Grid{seen: map[Row]bool{}, cost: map[[2]int]string{}}
	g.seen[Row{1, 2}] = true
	g.cost[[2]int{1, 2}] = "x"
	at := Row{1, 2}
	if g.seen[at] {
		fmt.Println(g.cost[at], len(g.seen))
	}
	for k, v := range g.seen {
		fmt.Println(k, v, k[0])
	}
	for _, s := range []Shape{Square{1}, &Square{2}} {
		fmt.Println(s.Area())
	}
	for _, f := range []func(int) int{pick(1), func(x int) int { return x * 2 }} {
		fmt.Println(f(3))
	}
	fmt.Println(describe(Square{3}), pick(0) == nil)
	for _, x := range []any{Square{1}, MyErr{2}, 3, "x", []int{1}, func() int { return 4 }, &Config{5}, map[string]int{}, nil, 2.5} {
		fmt.Println(kind(x))
	}
	fmt.Println(asShape(1) == nil, asShape(Square{2}).Area(), length("abc"))
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(MyErr{7})
	fmt.Println(ctx.Err(), context.Cause(ctx))
	var me MyErr
	if errors.As(context.Cause(ctx), &me) {
		fmt.Println(me.code)
	}
	var p atomic.Pointer[Config]
	p.Store(&Config{1})
	old := p.Swap(&Config{2})
	fmt.Println(old.level, p.Load().level, p.CompareAndSwap(old, old))
	var q atomic.Pointer[int]
	one := 1
	q.Store(&one)
	fmt.Println(*q.Load())
	var num json.Number = "12"
	v, err := num.Int64()
	fmt.Printf("%v %v %T %v\n", v, err, num, num)
	var f1, f2 = func() int { return 1 }, func(x int) int { return x }
	fmt.Println(f1(), f2(2))
	inc, get := func() { v++ }, func() int64 { return v }
	inc()
	fmt.Println(get())
	var fs []func() int
	for i := range 3 {
		fs = append(fs, func() int { return i })
	}
	for _, f := range fs {
		fmt.Print(f(), " ")
	}
	fmt.Println()
}
