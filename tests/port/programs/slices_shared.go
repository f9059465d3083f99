package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

// slices shared through structs, maps, closures, channels, variadics
type buf struct {
	data []int
	off  int
}

func (b *buf) write(xs ...int) *buf { b.data = append(b.data, xs...); return b }
func (b buf) view() []int           { return b.data[b.off:] }
func (b buf) grow() buf             { b.data = append(b.data, -1); return b }

type path struct {
	nodes []string
	cost  int
}

func extend(p path, n string) path {
	return path{append(p.nodes, n), p.cost + 1}
}

func safe(p path, n string) path {
	nodes := make([]string, len(p.nodes), len(p.nodes)+1)
	copy(nodes, p.nodes)
	return path{append(nodes, n), p.cost + 1}
}

func comb(n, k int) (out [][]int) {
	var rec func(start int, cur []int)
	rec = func(start int, cur []int) {
		if len(cur) == k {
			out = append(out, cur)
			return
		}
		for i := start; i <= n; i++ {
			rec(i+1, append(cur, i))
		}
	}
	rec(1, nil)
	return
}

func combSafe(n, k int) (out [][]int) {
	cur := []int{}
	var rec func(start int)
	rec = func(start int) {
		if len(cur) == k {
			out = append(out, append([]int{}, cur...))
			return
		}
		for i := start; i <= n; i++ {
			cur = append(cur, i)
			rec(i + 1)
			cur = cur[:len(cur)-1]
		}
	}
	rec(1)
	return
}

func double(xs []int) {
	for i := range xs {
		xs[i] *= 2
	}
}

func variadic(xs ...int) []int { xs[0] = 42; return xs }

func remove(s []int, i int) []int { return append(s[:i], s[i+1:]...) }

func filterInPlace(s []int, keep func(int) bool) []int {
	out := s[:0]
	for _, x := range s {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}

type queue struct{ items []int }

func (q *queue) push(x int) { q.items = append(q.items, x) }
func (q *queue) pop() int {
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

type window struct {
	all  []int
	size int
}

func (w window) each(f func([]int)) {
	for i := 0; i+w.size <= len(w.all); i++ {
		f(w.all[i : i+w.size])
	}
}

func main() {
	b := &buf{data: make([]int, 0, 4)}
	b.write(1, 2)
	v := b.view()
	b.write(3)
	v[0] = 100
	c := b.grow()
	d := b.write(4)
	fmt.Println(b.data, v, c.data, d.data, len(v), cap(v))
	p := path{nodes: make([]string, 0, 4)}
	p = extend(p, "a")
	q, r := extend(p, "b"), extend(p, "c")
	fmt.Println(p, q, r)
	s, t := safe(p, "b"), safe(p, "c")
	fmt.Println(s, t)
	fmt.Println(comb(4, 3))
	fmt.Println(combSafe(4, 3))
	xs := []int{1, 2, 3}
	double(xs[1:])
	fmt.Println(xs, variadic(xs...), xs, variadic(7, 8))
	ys := xs
	xs = append(xs, 4)
	ys[0] = 0
	xs[1] = 1
	fmt.Println(xs, ys)
	fmt.Println(remove(xs, 1), xs)
	zs := []int{1, 2, 3, 4, 5, 6}
	ev := filterInPlace(zs, func(i int) bool { return i%2 == 0 })
	fmt.Println(ev, zs)
	var qu queue
	for i := range 5 {
		qu.push(i)
	}
	old := qu.items
	qu.pop()
	qu.push(9)
	qu.items[0] = 77
	fmt.Println(old, qu.items)
	w := window{zs, 2}
	var kept [][]int
	w.each(func(x []int) { x[0]++; kept = append(kept, x) })
	fmt.Println(kept, zs)
	m := map[string][]int{"a": zs[:2]}
	m["b"] = m["a"]
	m["a"] = append(m["a"], -9)
	m["b"][0] = -1
	fmt.Println(m, zs)
	grid := make([][]rune, 2)
	row := []rune("..")
	for i := range grid {
		grid[i] = row
	}
	grid[0][0] = '#'
	fmt.Println(string(grid[1]), strings.Repeat(string(row), 2))
	backing := make([]int, 4)
	grid2 := [2][]int{backing[:2], backing[2:]}
	grid2[1][0] = 5
	grid2[0] = append(grid2[0], 6)
	fmt.Println(grid2, backing)
	bs := []byte("hello")
	word := bs[:2]
	str := string(word)
	word[0] = 'J'
	fmt.Println(string(bs), str)
	x := []int{1, 2, 3, 4}
	y := x[1:2:2]
	y = append(y, 50)
	x2 := x[:2]
	x2 = append(x2, 60)
	fmt.Println(x, y, x2, len(x[:0]), x[4:])
	copy(x[1:], x)
	fmt.Println(x)
	sort.Sort(sort.Reverse(sort.IntSlice(x)))
	fmt.Println(x, x2)
	ch := make(chan []int, 1)
	ch <- x
	got := <-ch
	got[0] = 1000
	fmt.Println(x[0])
	fns := []func(){}
	for i, v := range x {
		fns = append(fns, func() { x[i] = v * 2 })
	}
	for _, f := range fns {
		f()
	}
	fmt.Println(x)
	type rec struct {
		tags []string
		kids []rec
	}
	r1 := rec{tags: []string{"t"}}
	r2 := r1
	r2.tags[0] = "shared"
	r1.kids = append(r1.kids, r2)
	r1.kids[0].tags = append(r1.kids[0].tags, "more")
	fmt.Println(r1, r2)
	a := [3]int{1, 2, 3}
	for i, v := range a[:] {
		a[2] = 10
		if i == 2 {
			fmt.Println("v =", v)
		}
	}
	lim := x
	for i := 0; i < len(lim); i++ {
		if i < 2 {
			lim = append(lim, i)
		}
	}
	for range x {
		x = append(x, 1)
	}
	fmt.Println(len(lim), len(x))
	var nilm map[string][]int
	fmt.Println(nilm["q"] == nil, len(nilm["q"]), append(nilm["q"], 1))
	two := make([][]int, 2)
	two[0] = append(two[0], 1)
	one := two[:1]
	one = append(one, []int{9})
	fmt.Println(two, one)
	e := strings.Split("a b c", " ")
	e2 := e[:2]
	e2 = append(e2, "Z")
	fmt.Println(e, e2, os.Args[1:])
	st := []int{}
	st, top := append(st, 1, 2), 0
	top, st = st[len(st)-1], st[:len(st)-1]
	fmt.Println(st, top)
	arrp := &[3]int{7, 8, 9}
	sp := arrp[1:]
	sp[0] = 0
	for i := range arrp {
		arrp[i]++
	}
	fmt.Println(*arrp, sp, len(arrp))
}
