package main

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
)

type Field struct {
	str  string
	int  int
	list []string
	n    string
	m    int
}

func (f Field) Bool() bool        { return f.m > 0 }
func (f Field) Is() bool          { return true }
func (f *Field) Set(s string) int { f.n = s; return len(s) }

type Op func(float64, float64) (float64, error)

func (o Op) Apply(a, b float64) (float64, error) { return o(a, b) }

var ops = map[string]Op{
	"+": func(a, b float64) (float64, error) { return a + b, nil },
	"/": func(a, b float64) (float64, error) {
		if b == 0 {
			return 0, errors.New("division by zero")
		}
		return a / b, nil
	},
}

var div Op = func(a, b float64) (float64, error) { return a / b, nil }

type Node struct {
	left, right *Node
	key         int
}

func (n *Node) find(k int) *Node {
	if n == nil || n.key == k {
		return n
	}
	if k < n.key {
		return n.left.find(k)
	}
	return n.right.find(k)
}

func (n *Node) max() (best *Node) {
	for n != nil {
		best = n
		n = n.right
	}
	return
}

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }
func (s *Stack[T]) Pop() (T, bool) {
	var zero T
	if len(s.items) == 0 {
		return zero, false
	}
	v := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}

func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func Filter[T any](xs []T, keep func(T) bool) []T {
	var out []T
	for _, x := range xs {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}

type byKey []*Node

func (b byKey) Len() int           { return len(b) }
func (b byKey) Less(i, j int) bool { return b[i].key < b[j].key }
func (b byKey) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type Visitor interface {
	Visit(n *Node) (w Visitor)
}

type counter struct{ n *int }

func (c counter) Visit(n *Node) Visitor {
	if n == nil {
		return nil
	}
	*c.n++
	return c
}

func walk(v Visitor, n *Node) {
	if v = v.Visit(n); v == nil {
		return
	}
	walk(v, n.left)
	walk(v, n.right)
}

func try(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				err = e
				return
			}
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}

type pathError struct {
	path string
	err  error
}

func (p *pathError) Error() string { return p.path + ": " + p.err.Error() }
func (p *pathError) Unwrap() error { return p.err }

func open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &pathError{path, os.ErrNotExist}
	}
	return f, nil
}

func grid(n int) [][]rune {
	g := make([][]rune, n)
	for i := range g {
		g[i] = []rune(strings.Repeat(".", n))
	}
	return g
}

func sharesName(n int) int {
	if n > 0 {
		xs := make([]int, 0, 5)
		ys := append(xs, n)
		return cap(xs) + cap(ys)
	} else {
		xs := []int{}
		xs = append(xs, n)
		return len(xs)
	}
}

func main() {
	fmt.Println(sharesName(1), sharesName(0))
	f := Field{str: "a", int: 1, list: []string{"x"}, n: "n", m: 2}
	fmt.Println(f, f.Bool(), f.Is(), f.Set("abc"))
	for _, k := range []string{"+", "/"} {
		v, err := ops[k].Apply(1, 0)
		fmt.Println(k, v, err)
	}
	fmt.Println(div.Apply(1, 2))
	root := &Node{key: 5, left: &Node{key: 2}, right: &Node{key: 9}}
	fmt.Println(root.find(9).key, root.find(3) == nil, root.max().key)
	var st Stack[string]
	st.Push("a")
	s, ok := st.Pop()
	fmt.Println(s, ok)
	_, ok = st.Pop()
	fmt.Println(ok)
	fmt.Println(Map([]int{1, 2}, func(x int) string { return fmt.Sprint(x, "!") }))
	fmt.Println(Filter([]int{1, 2, 3}, func(x int) bool { return x != 2 }))
	nodes := byKey{root, root.left}
	sort.Sort(nodes)
	fmt.Println(nodes[0].key)
	n := 0
	walk(counter{&n}, root)
	fmt.Println(n)
	fmt.Println(try(func() error { panic("x") }), try(func() error { return nil }))
	fmt.Println(try(func() error { var p *Node; _ = p.key; return nil }))
	_, err := open("/no/such/file")
	var pe *pathError
	if errors.As(err, &pe) {
		fmt.Println(pe.path, errors.Is(err, os.ErrNotExist))
	}
	fmt.Println(err)
	fmt.Println(len(grid(3)), string(grid(2)[1]))
	var handlers []func(string) (int, error)
	handlers = append(handlers, func(s string) (int, error) { return len(s), nil })
	for i, h := range handlers {
		v, err := h("abc")
		fmt.Println(i, v, err)
	}
	var next func(int) int
	next = func(n int) int {
		if n > 100 {
			return n
		}
		return next(n * 2)
	}
	fmt.Println(next(3))
	pipeline := make([]<-chan int, 2)
	for i := range pipeline {
		c := make(chan int, 1)
		c <- i
		pipeline[i] = c
	}
	for _, c := range pipeline {
		fmt.Println(<-c)
	}
	type pair struct{ a, b int }
	seen := map[pair][]*Node{}
	seen[pair{1, 2}] = append(seen[pair{1, 2}], root)
	for k, v := range seen {
		fmt.Println(k.a, k.b, len(v), v[0].key)
	}
	var any1 interface{} = seen
	if m, ok := any1.(map[pair][]*Node); ok {
		fmt.Println(len(m))
	}
	rest()
}

func rest() {
	errs := make(chan error, 1)
	errs <- errors.New("in a loop")
	close(errs)
	for err := range errs {
		fmt.Println(err)
	}
	err := load("after the loop")
	fmt.Println(err)
}

func load(name string) error { return errors.New(name) }
