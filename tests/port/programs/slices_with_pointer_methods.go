// Copies of slices whose type has pointer methods.
package main

import "fmt"

type Path []string

func (p *Path) Push(s string) { *p = append(*p, s) }

type R struct {
	p Path
	n int
}
type Q struct{ Path }

func take(r R) { r.p.Push("in take") }
func (r R) with(s string) R { r.p.Push(s); return r }
func (r *R) add(s string)   { r.p.Push(s) }

func main() {
	s := R{p: Path{"a"}}
	t := s
	t.p.Push("b")
	take(s)
	u := s.with("c")
	fmt.Println(s, t, u)
	v := []R{s, t}
	for _, r := range v {
		r.add("d")
	}
	fmt.Println(v)
	w := Q{}
	x := w
	x.Push("e")
	y := &x
	z := *y
	z.Push("f")
	fmt.Println(len(w.Path), x, z, w.Path == nil)
	m := map[string]Path{"k": {"1"}}
	p := m["k"]
	p.Push("2")
	fmt.Println(m, p)
	arr := [2]Path{{"q"}}
	brr := arr
	brr[0].Push("r")
	fmt.Println(arr, brr)
	var i any = p
	p.Push("3")
	if j, ok := i.(Path); ok {
		j.Push("4")
		fmt.Println(i, p, j)
	}
	f := p.Push
	f("5")
	k := p
	k.Push("6")
	fmt.Println(p, k)
	ch := make(chan Path, 1)
	ch <- p
	p.Push("7")
	fmt.Println(<-ch, p)
	func(p Path) { p.Push("8") }(p)
	g := func() Path { return p }
	h := g()
	h.Push("9")
	fmt.Println(p, h)
}
