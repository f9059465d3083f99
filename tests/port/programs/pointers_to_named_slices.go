// Pointers to slices, arrays and maps with methods: printed, in interfaces, in type switches.
package main

import "fmt"

type ints []int

func (x *ints) Push(v int) { *x = append(*x, v) }
func (x ints) Len() int    { return len(x) }

type lener interface{ Len() int }
type arr [2]int

func (a *arr) Set() { a[0] = 1 }

type dict map[string]int

func (d dict) Put(k string) { d[k]++ }

type num int

func (n *num) Inc() { *n++ }

type S struct {
	p *ints
	q ints
	a *arr
	d *dict
	n *num
}

func main() {
	x := &ints{1, 2}
	x.Push(3)
	var l lener = x
	fmt.Println(x, l, *x, l.Len())
	fmt.Printf("%v %+v %d %T %T\n", x, l, x, x, *x)
	var e any = &ints{4}
	fmt.Println(e, []any{e, x}[0])
	d := &dict{"a": 1}
	d.Put("b")
	fmt.Println(d, *d)
	a := &arr{1, 2}
	a.Set()
	fmt.Println(a, *a)
	fmt.Printf("%v %T %v\n", a, a, *a)
	n := new(num)
	n.Inc()
	fmt.Println(*n)
	switch v := e.(type) {
	case ints:
		fmt.Println("ints", v)
	case *ints:
		fmt.Println("*ints", v, *v)
	}
	p := &[]int{1}
	fmt.Println(p, &map[string]bool{"x": true}, &[2]int{3})
	s := S{p: x, q: *x}
	fmt.Println(s.p.Len(), s.q, *s.p)
}
