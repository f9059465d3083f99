package main

import (
	"cmp"
	"container/list"
	"container/ring"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

type P struct {
	X int
	A [2]int
}

func (p *P) inc() { p.X++; p.A[0]++ }

type pair[K comparable, V any] struct {
	k K
	v V
}

func vals[T any](xs ...T) []T { return xs }
func first[T any](xs []T) T   { return xs[0] }
func ptr[T any](x T) *T       { return &x }
func seq(ps []P) iter.Seq[P] {
	return func(yield func(P) bool) {
		for _, p := range ps {
			if !yield(p) {
				return
			}
		}
	}
}

type holder struct {
	cur  P
	hist []P
}

func (h *holder) set(p P) { h.hist = append(h.hist, h.cur); h.cur = p }
func (h holder) get() P   { return h.cur }
func (h *holder) ref() *P { return &h.cur }

func main() {
	a := []P{{X: 1}, {X: 2}, {X: 3}}
	b := make([]P, 3)
	copy(b, a)
	c := slices.Clone(a)
	d := append(a[:1:1], b[1:]...)
	e := slices.Insert(slices.Clone(a), 1, a[0])
	f := slices.Concat(a, b[:1])
	g := slices.Collect(slices.Values(a))
	h := slices.Repeat(a[:1], 2)
	m := map[string]P{"a": a[0]}
	m2 := maps.Clone(m)
	vs := slices.Collect(maps.Values(m))
	var sm sync.Map
	sm.Store("k", a[0])
	var av atomic.Value
	av.Store(a[0])
	l := list.New()
	l.PushBack(a[0])
	r := ring.New(1)
	r.Value = a[0]
	ctx := context.WithValue(context.Background(), "p", a[0])
	ch := make(chan P, 1)
	ch <- a[0]
	arr := [2]P{a[0], a[1]}
	pr := pair[string, P]{"z", a[0]}
	vv := vals(a[0], a[1])
	ff := first(a)
	pp := ptr(a[0])
	hd := holder{}
	hd.set(a[0])
	var once = sync.OnceValue(func() P { return a[0] })
	fromOnce := once()
	sq := slices.SortedFunc(seq(a), func(x, y P) int { return cmp.Compare(y.X, x.X) })
	mx := slices.MaxFunc(a, func(x, y P) int { return cmp.Compare(x.X, y.X) })
	idx := slices.IndexFunc(a, func(p P) bool { return p.X == 3 })
	fn := func(p P) func() P { return func() P { p.inc(); return p } }
	cl := fn(a[0])
	for i := range a {
		a[i].inc()
		a[i].X *= 10
	}
	fmt.Println(a)
	fmt.Println(b, c, d)
	fmt.Println(e, f, g, h)
	fmt.Println(m, m2, vs)
	x, _ := sm.Load("k")
	fmt.Println(x, av.Load(), l.Front().Value, r.Value, ctx.Value("p"), <-ch)
	fmt.Println(arr, pr, vv, ff, *pp, hd, fromOnce, once())
	fmt.Println(sq, mx, idx, cl(), cl())
	y := x.(P)
	y.inc()
	z, _ := sm.Load("k")
	fmt.Println(y, z)
	w := l.Front().Value.(P)
	w.inc()
	fmt.Println(w, l.Front().Value)
	pp.inc()
	pr2 := pr
	pr2.v.inc()
	arr2 := arr
	arr2[0].inc()
	fmt.Println(*pp, pr, pr2, arr, arr2)
	got := hd.get()
	got.inc()
	hd.ref().inc()
	old := *hd.ref()
	hd.ref().X = -1
	fmt.Println(got, hd, old)
	hd2 := hd
	hd2.hist[0].X = 55
	hd2.cur.X = 66
	fmt.Println(hd, hd2)
	sort.Slice(a, func(i, j int) bool { return a[i].X > a[j].X })
	q := &a[0]
	slices.Reverse(a)
	q.X = 7
	fmt.Println(a, *q)
	a = slices.Delete(a, 0, 1)
	fmt.Println(a, len(a))
	a[0], b[0] = b[0], a[0]
	a[0].inc()
	fmt.Println(a, b)
	for _, p := range a {
		p.inc()
	}
	for i, p := range a {
		a[i].X = p.X + 1
		p.X = 0
	}
	fmt.Println(a)
	mp := map[string]*P{}
	for _, k := range []string{"u", "v"} {
		v := a[0]
		mp[k] = &v
	}
	mp["u"].inc()
	fmt.Println(*mp["u"], *mp["v"], a[0])
	grid := [2][2]P{}
	row := grid[0]
	row[1].inc()
	grid[1] = row
	rp := &grid[1][1]
	rp.inc()
	fmt.Println(grid, row)
	st := struct {
		P
		n int
	}{P{X: 5}, 1}
	st2 := st
	st2.inc()
	st2.P.A[1] = 4
	fmt.Println(st, st2)
	swap := func(a, b *P) { *a, *b = *b, *a }
	swap(&a[0], &b[0])
	fmt.Println(a[0], b[0])
	tmp := a[0]
	a[0] = b[1]
	b[1] = tmp
	tmp.X = 1234
	fmt.Println(a[0], b[1], tmp)
	var wg sync.WaitGroup
	out := make([]P, 2)
	for i, p := range b[:2] {
		wg.Add(1)
		go func() { defer wg.Done(); p.inc(); out[i] = p }()
	}
	wg.Wait()
	fmt.Println(out, b[:2])
	defer fmt.Println("deferred", a[0])
	defer a[0].inc()
	a[0].X = 0
}
