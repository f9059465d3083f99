package main

import "fmt"

func hold(xs []int) func() int { return func() int { return len(xs) } }
func look(xs []int)            { fmt.Println(xs) }
func first(xs []int) int       { return xs[0] }

type S struct{ v [2]int }

func main() {
	xs := []int{1}
	defer fmt.Println("later", xs)
	xs = append(xs, 2)
	ys := []int{1}
	defer look(ys)
	ys = append(ys, 3)
	h := hold(ys)
	ys = append(ys, 4)
	fmt.Println(h(), len(ys), first(xs))
	var zs []int
	add := func() int { zs = append(zs, 1); return len(zs) }
	add()
	for i := range zs {
		add()
		fmt.Println(i, len(zs))
	}
	for i, z := range zs {
		if i < 5 {
			add()
		}
		fmt.Println(i, z)
	}
	n := len(zs)
	fmt.Println(n, zs)
	ss := make([]S, 2)
	for i := range ss {
		ss[i].v[i] = i + 1
	}
	t := ss[1]
	t.v[0] = 9
	ss = append(ss, t)
	t.v[1] = 8
	fmt.Println(ss[1].v, ss[2].v)
	ss[0], ss[2] = ss[2], ss[0]
	ss[0].v[0] = 77
	fmt.Println(ss[0].v, ss[2].v)
	stack := []string{"a"}
	old := stack
	stack = append(stack, "b")
	fmt.Println(len(old), len(stack))
	var fns []func()
	for _, w := range []string{"x", "y"} {
		var local []string
		local = append(local, w)
		fns = append(fns, func() { local = append(local, "!"); fmt.Println(local, len(local)) })
	}
	for _, f := range fns {
		f()
		f()
	}
	p := []int{1, 2, 3}
	for i, v := range p {
		p[2] = 10
		p = []int{7, 8, 9}
		fmt.Println(i, v)
	}
	fmt.Println(p)
	for i := 0; i < 2; i++ {
		q := make([]int, 2)
		q[i] = 5
		q = append(q, i)
		fmt.Println(q)
	}
}
