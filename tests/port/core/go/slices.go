// Aliasing and growth of slices.
package main

import "fmt"

type pair struct {
	a int
	b string
}

type big struct{ a, b, c, d, e int }

type flags struct{ a, b bool }

// Arrays that stay on the stack have other capacities, so let all escape.
var sink any

func caps[T any](name string, zero T) {
	var s []T
	last := -1
	fmt.Print(name, ":")
	for range 3000 {
		s = append(s, zero)
		sink = s
		if cap(s) != last {
			last = cap(s)
			fmt.Print(" ", last)
		}
	}
	fmt.Println()
	for _, n := range []int{1, 2, 3, 5, 6, 7, 9, 13, 17, 33, 65, 100, 129, 255, 257, 300, 513, 1000, 1025, 2049, 5000} {
		t := append([]T(nil), make([]T, n)...)
		u := append(make([]T, n-1), zero)
		v := append(make([]T, 5), make([]T, n)...)
		sink = [][]T{t, u, v}
		fmt.Print(cap(t), " ", cap(u), " ", cap(v), " ")
	}
	fmt.Println()
}

func show(s []int) { fmt.Println(s, len(s), cap(s), s == nil) }

func main() {
	caps("int", 0)
	caps("string", "")
	caps("byte", byte(0))
	caps("bool", false)
	caps("float64", 0.0)
	caps("int16", int16(0))
	caps("int32", int32(0))
	caps("pair", pair{})
	caps("big", big{})
	caps("flags", flags{})
	caps("pointer", (*pair)(nil))
	caps("any", any(nil))
	caps("slice", []int(nil))
	caps("array", [3]byte{})
	caps("map", map[string]int(nil))
	caps("empty", struct{}{})

	a := []int{1, 2, 3, 4, 5}
	b := a[1:3]
	b[0] = 20
	show(a)
	show(b)
	b = append(b, 40)
	show(a)
	show(b)
	b = append(b, 50, 60)
	b[0] = 99
	show(a)
	show(b)
	c := a[1:3:3]
	c = append(c, 77)
	show(a)
	show(c)
	show(a[2:2])
	show(a[5:])
	show(b[:cap(b)])
	d := make([]int, 0, 10)
	e := append(d, 1)
	f := append(d, 2)
	show(e)
	show(f)
	show(d[:3])
	var n []int
	show(n)
	show(n[0:0])
	show(append(n, n...))
	show([]int{})
	show(append([]int{}, n...))
	g := make([]int, 3)
	fmt.Println(copy(g, a), copy(g, []int{9}), copy(g[1:], g), copy(a, a[1:]))
	show(g)
	show(a)
	h := append(a[:1], a[2:]...)
	show(h)
	show(a)
	arr := [4]int{1, 2, 3, 4}
	s := arr[1:3]
	s[0] = 7
	s = append(s, 8)
	fmt.Println(arr, s, len(s), cap(s))
	s = append(s, 9)
	s[0] = 0
	fmt.Println(arr, s, cap(s))
	brr := arr
	brr[0] = 100
	fmt.Println(arr, brr, arr == brr, [4]int(arr[:]) == arr)
	bs := append([]byte("héllo"), " wörld"...)
	fmt.Println(len(bs), copy(bs, "HE"), string(bs[:3]))
	fmt.Println(string(bs))
	ps := []pair{{1, "a"}, {2, "b"}}
	q := &ps[0]
	q.a = 10
	ps = append(ps, pair{3, "c"})
	q.a = 11
	fmt.Println(ps, *q)
	rows := make([][]int, 2)
	for i := range rows {
		rows[i] = make([]int, 2)
	}
	rows[0][1] = 5
	alias := rows
	alias[1][0] = 6
	fmt.Println(rows, alias)
	total := 0
	for i, v := range a {
		a[len(a)-1] = 100
		if i == 0 {
			a = append(a, 1000)
		}
		total += v
	}
	fmt.Println(total, a)
	clear(a[:2])
	fmt.Println(a)
	queue := []int{1, 2, 3}
	for len(queue) > 0 {
		x := queue[0]
		queue = queue[1:]
		if x < 3 {
			queue = append(queue, x+2)
		}
		fmt.Print(x, len(queue), cap(queue), " ")
	}
	fmt.Println()
	stack := []int{}
	for i := range 5 {
		stack = append(stack, i)
	}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		fmt.Print(top, " ")
	}
	fmt.Println(len(stack), cap(stack))
}
