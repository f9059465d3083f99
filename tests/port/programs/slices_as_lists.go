package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
)

type Node struct {
	Name string
	Kids []*Node
}
type Shape interface{ Area() float64 }
type Sq struct{ S float64 }

func (s Sq) Area() float64 { return s.S * s.S }

type Tab struct {
	rows [][]string
	tags []string
}

func (t *Tab) Add(cols []string) { t.rows = append(t.rows, cols) }
func (t *Tab) Tags() []string    { return t.tags }
func (t Tab) Lens() []int {
	var out []int
	for _, r := range t.rows {
		out = append(out, len(r))
	}
	return out
}

type Lister interface{ List() []int }
type L1 struct{}

func (L1) List() []int { return []int{1, 2} }

type Multi struct{ errs []error }

func (m Multi) Error() string   { return "multi" }
func (m Multi) Unwrap() []error { return m.errs }

func alias(xs []int) []int { return xs }
func grow(xs []int) []int  { xs = append(xs, 100); return xs }
func fill(xs []int, v int) {
	for i := range xs {
		xs[i] = v
	}
}
func keep() func() []int {
	var acc []int
	return func() []int { acc = append(acc, len(acc)); return acc }
}
func evens(n int) (out []int) {
	for i := range n {
		if i%2 == 0 {
			out = append(out, i)
		}
	}
	return
}
func split(xs []int) (lo, hi []int) {
	for _, x := range xs {
		if x < 3 {
			lo = append(lo, x)
		} else {
			hi = append(hi, x)
		}
	}
	return lo, hi
}
func variadic(xs ...int) int { return len(xs) }
func anyf(v any) string      { return fmt.Sprintf("%T %v", v, v) }
func primes(n int) []int {
	sieve := make([]bool, n+1)
	var out []int
	for i := 2; i <= n; i++ {
		if sieve[i] {
			continue
		}
		out = append(out, i)
		for j := i * i; j <= n; j += i {
			sieve[j] = true
		}
	}
	return out
}
func shapes() []Shape {
	var s []Shape
	s = append(s, Sq{2}, Sq{3})
	return s
}
func dfs(n *Node, path []string) []string {
	path = append(path, n.Name)
	for _, k := range n.Kids {
		path = dfs(k, path)
	}
	return path
}
func walk(n *Node, visit func([]string)) { visit([]string{n.Name}) }
func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}
func neg(n int) {
	xs := make([]int, n)
	fmt.Println(len(xs))
}
func ringSum(xs []int, k int) int {
	s := 0
	for i := 0; i < k; i++ {
		s += xs[i%len(xs)]
	}
	return s
}
func seq(yield func(int) bool) {
	for i := range 4 {
		if !yield(i) {
			return
		}
	}
}
func find() ([]int, error) {
	for v := range seq {
		if v == 2 {
			return nil, errors.New("two")
		}
	}
	return []int{1}, nil
}
func pairs() [][2]int {
	var out [][2]int
	a := [2]int{1, 2}
	out = append(out, a)
	a[0] = 9
	out = append(out, a)
	return out
}

var global []int

func setGlobal(xs []int) { global = xs }

func main() {
	a := []int{1, 2, 3}
	b := alias(a)
	b[0] = 7
	fmt.Println(a, b)
	c := grow(a)
	c[1] = 50
	fmt.Println(a, c)
	d := make([]int, 3, 10)
	e := append(d, 1)
	f := append(d, 2)
	fmt.Println(d, e, f)
	fill(a, 4)
	fmt.Println(a)
	k := keep()
	k()
	x := k()
	x[0] = 42
	fmt.Println(k(), x)
	fmt.Println(evens(7), len(evens(0)))
	lo, hi := split([]int{1, 5, 2, 9})
	fmt.Println(lo, hi)
	fmt.Println(split(nil))
	fmt.Println(variadic(a...), variadic())
	fmt.Println(anyf([]int{1}), anyf(primes(20)))
	fmt.Println(primes(30))
	for _, s := range shapes() {
		fmt.Println(s.Area())
	}
	n := &Node{"a", []*Node{{"b", nil}, {"c", nil}}}
	fmt.Println(dfs(n, nil))
	walk(n, func(p []string) { fmt.Println(len(p), p[0]) })
	t := &Tab{}
	cols := []string{"x", "y"}
	t.Add(cols)
	cols[0] = "changed"
	fmt.Println(t.rows, t.Lens(), t.Tags() == nil)
	var l Lister = L1{}
	fmt.Println(l.List(), len(L1{}.List()))
	e1 := errors.New("one")
	fmt.Println(errors.Is(Multi{[]error{e1}}, e1), errors.Is(errors.Join(e1, nil), e1))
	try(func() { var z []int; z = append(z, 1); fmt.Println(z[3]) })
	try(func() { z := []int{1, 2}; i := 2; z[i] = 3 })
	try(func() { neg(-1) })
	try(func() { var z []int; fmt.Println(ringSum(z, 2)) })
	try(func() { z := []string{"q"}; i := 4; z[i] += "r" })
	fmt.Println(ringSum([]int{1, 2}, 5))
	fmt.Println(find())
	fmt.Println(pairs())
	setGlobal(primes(5))
	global = append(global, 8)
	fmt.Println(global)
	q := []int{1}
	for i, v := range q {
		if len(q) < 5 {
			q = append(q, v*2)
		}
		fmt.Println(i, v)
	}
	fmt.Println(q)
	st := []int{1, 2, 3}
	for len(st) > 0 {
		top := st[len(st)-1]
		st = st[:len(st)-1]
		fmt.Print(top, " ")
	}
	fmt.Println()
	var mu sync.Mutex
	var wg sync.WaitGroup
	var res []int
	for i := range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			res = append(res, i)
			mu.Unlock()
		}()
	}
	wg.Wait()
	sort.Ints(res)
	fmt.Println(res, slices.Contains(res, 3), slices.Max(res))
	ch := make(chan []int, 1)
	w := []int{1, 2}
	ch <- w
	g := <-ch
	g[0] = 5
	fmt.Println(w)
	m := map[string][]int{}
	m["a"] = append(m["a"], 1)
	h := m["a"]
	h = append(h, 2)
	fmt.Println(m, h)
	people := []struct {
		N string
		A int
	}{{"x", 3}, {"y", 1}}
	sort.Slice(people, func(i, j int) bool { return people[i].A < people[j].A })
	fmt.Println(people)
	ws := strings.Split("a,b,c", ",")
	ws = append(ws, "d")
	fmt.Println(ws, len(ws))
	var u []uint8
	u = append(u, 65)
	fmt.Println(u, string(u))
	r := []rune("héy")
	r = append(r, 'x')
	fmt.Println(string(r))
	arr := [3]int{1, 2, 3}
	sl := arr[:]
	sl[0] = 10
	fmt.Println(arr)
	ptrs := []*int{&arr[0], nil}
	*ptrs[0] = 3
	fmt.Println(arr[0], ptrs[1] == nil)
	i8 := []int8{1, 2}
	i8 = append(i8, 127)
	i8[2]++
	fmt.Println(i8)
	var nested [][]int
	row := []int{1}
	nested = append(nested, row)
	row[0] = 2
	row = append(row, 3)
	fmt.Println(nested, row)
	var copyA []int
	copyA = append(copyA, a...)
	copyA[0] = -1
	copyA = append(copyA, copyA...)
	fmt.Println(copyA, a)
	cl := slices.Clone(res)
	cl[0] = 77
	fmt.Println(cl[0], res[0])
	var any1 any = evens(5)
	if v, ok := any1.([]int); ok {
		fmt.Println(v, cap(v) >= 3)
	}
	fmt.Fprintln(os.Stdout, evens(4), evens(1))
	fn := evens
	fmt.Println(fn(3)[1:])
	var empty []string
	fmt.Println(empty, len(empty), strings.Join(empty, ","))
	for range evens(3) {
		fmt.Print(".")
	}
	fmt.Println()
	y := evens(6)
	y, z := y[1:], y
	fmt.Println(y, z)
	var j []int
	if len(os.Args) > 50 {
		j = nil
	}
	j = append(j, 1)
	fmt.Println(j)
	switch vs := any(primes(3)).(type) {
	case []int:
		fmt.Println("ints", vs)
	}
	fmt.Printf("%v %+v %d %s\n", evens(3), evens(3), evens(3), []string{"a"})
	fmt.Printf("%q %x %T %#v\n", []string{"a"}, []int{255}, evens(1), evens(3))
	out := fmt.Sprint(evens(3), []string{"p", "q"}, []bool{true})
	fmt.Println(out)
	idx := 9
	bad := []int{1, 2, 3}
	defer fmt.Println("deferred", bad)
	fmt.Println(bad[idx])
}
