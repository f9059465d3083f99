package main

import (
	"fmt"
	"runtime"
)

// Go's compiler calls functions before it reads what they change: by pointers to fields, in receivers, between the
// bounds of slices. Literals of maps, slices and assertions are evaluated where they stand.

type box struct {
	x, y int
	arr  [3]int
}

func (b box) get(n int) int { return b.x + b.y + n }

func (b *box) bump(n int) int {
	b.arr[n%3] += n
	return n
}

func first(b box, n int) int { return b.x + n }

func pointersToFields() {
	b := box{x: 1, y: 2}
	p, q := &b.y, &b.arr[1]
	f := func(n int) int {
		b = box{x: n, y: 10 * n, arr: [3]int{n, n, n}}
		return n
	}
	fmt.Println(*p, f(3))
	fmt.Println(*p+f(4), *q, f(5))
	*q += 100
	fmt.Println(b, *q)

	all := []box{{x: 1}, {x: 2}}
	r, s := &all[0].y, &all[1]
	g := func(n int) int {
		all[0] = box{y: n}
		all[1] = box{x: n}
		return n
	}
	fmt.Println(*r, s.x, g(6))
	fmt.Println(*r+s.x+g(7), s.arr[0])
}

func receivers() {
	b := box{y: 1}
	boxes := []*box{{x: 100}, {x: 200}}
	f := func(n int) int {
		b = box{x: n, y: n}
		return n
	}
	fmt.Println(b.y, boxes[f(3)%2].get(4))
	x, y := b, boxes[f(5)%2].get(4)
	fmt.Println(x, y)
}

func bounds() {
	a := []int{1, 2, 3, 4}
	f := func(n int) int {
		a = []int{n, n + 1, n + 2, n + 3}
		return n
	}
	fmt.Println(a[f(1):])
	fmt.Println(a[:f(2)], a[f(1):f(3)], a[0:f(1):f(3)])
	n := copy(a[f(1):], a[f(2):])
	fmt.Println(n, a)
}

func literals() {
	b := &box{x: 3, arr: [3]int{1, 2, 3}}
	m := map[string]int{"a": 1}
	f := func(n int) int {
		m["a"] += n
		return n
	}
	i := 2
	fmt.Println([]int{map[string]int{"k": b.arr[i], "z": b.bump(5)}["k"], 1})
	x, y := b.x, map[string]int{"k": m["a"], "z": b.bump(2)}["k"]+f(4)
	fmt.Println(x, y)
	fmt.Println([]int{any(m["a"]).(int), m["a"] + f(2)}, any(b.x).(int))
	delete(m, fmt.Sprint("a", f(1))[:1])
	fmt.Println(m)
}

func lookups() {
	m, a := map[string]int{"a": 1, "b": 2}, []int{0, 0, 0}
	f := func(n int) int {
		fmt.Print("f", n, " ")
		return n
	}
	var ok bool
	a[f(1)], ok = m[fmt.Sprint("a", f(2))[:1]]
	fmt.Println(a, ok)
	old := a
	g := func(n int) string {
		a = []int{n, n, n}
		return "b"
	}
	a[f(0)], ok = m[g(4)]
	fmt.Println(a, old, ok)
}

func cases() {
	ch, full := make(chan int, 1), make(chan int)
	b := &box{x: 1}
	f := func(n int) int {
		fmt.Print("f", n, " ")
		b = &box{x: n}
		return n
	}
	channels := []chan int{full, ch}
	select {
	case channels[f(0)] <- b.x:
		fmt.Println("full")
	case channels[f(1)] <- (b.x + f(5)):
		fmt.Println(<-ch)
	}
}

func assignments() {
	i, a, b := 0, []int{0, 0, 0}, make([]box, 3)
	f := func(n int) int {
		i = n
		return 10 * n
	}
	h := func(n int) (int, int) {
		i = n
		return n, n + 1
	}
	g := func(n int) int {
		a = []int{n, n, n}
		return n
	}
	old := a
	a[i], i = f(1), 0
	fmt.Println(a, i)
	b[i].x, a[i] = f(2), f(1)
	fmt.Println(a, b)
	i = 0
	i, a[i] = h(2)
	fmt.Println(a, i)
	i = 0
	a[i], b[i].x = h(1)
	fmt.Println(a, b)
	a[1:][0], a[0] = g(7), g(8)
	fmt.Println(a, old)
	p := &b[0]
	p, p.x = &box{x: 3}, f(2)
	fmt.Println(p.x, b, i)
	p, p.x = func() (*box, int) { p = &b[1]; return &box{}, 9 }()
	fmt.Println(p.x, b)
	m := map[int]int{}
	m[f(1)], m[i] = h(2)
	fmt.Println(m)
}

func copies() {
	b, a := box{x: 1}, []int{1, 2}
	f := func(n int) int {
		b.x += n
		a[1] *= 2
		return n
	}
	fmt.Println(b, a[1]+f(2))
	fmt.Println(first(b, a[1]+f(3)))
}

func waits() {
	b := box{x: 1}
	row := [2]int{1, 2}
	wait := func(n int) int {
		go func() {
			b.x += n
			row[0] += n
		}()
		runtime.Gosched()
		return n
	}
	x, y := b, wait(4)
	fmt.Println(x, y)
	z, y := row, wait(5)
	fmt.Println(z, y)

	a, f := []int{1, 2, 3}, func(n int) int { return n }
	ch := make(chan int)
	go func() {
		a = []int{10, 20, 30}
		ch <- 4
	}()
	a[f(1)] *= <-ch + a[0]
	fmt.Println(a)
}

func channels() {
	one, other := make(chan int, 1), make(chan int, 1)
	ch := one
	f := func(n int) int {
		ch = other
		return n
	}
	ch <- f(1)
	fmt.Println(len(one), len(other))
}

func main() {
	pointersToFields()
	receivers()
	bounds()
	literals()
	lookups()
	cases()
	assignments()
	copies()
	waits()
	channels()
}
