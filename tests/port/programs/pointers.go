package main

import "fmt"

type Vertex struct {
	X, Y int
	Tag  *string
}

type List struct {
	head *Node
	tail **Node
}

type Node struct {
	val  int
	next *Node
}

func (l *List) Push(v int) {
	if l.tail == nil {
		l.tail = &l.head
	}
	*l.tail = &Node{val: v}
	l.tail = &(*l.tail).next
}

func (l *List) Delete(v int) bool {
	for p := &l.head; *p != nil; p = &(*p).next {
		if (*p).val == v {
			*p = (*p).next
			return true
		}
	}
	return false
}

func (l *List) Values() (vs []int) {
	for n := l.head; n != nil; n = n.next {
		vs = append(vs, n.val)
	}
	return
}

func zeroval(ival int)  { ival = 0 }
func zeroptr(iptr *int) { *iptr = 0 }

func swap(a, b *int) { *a, *b = *b, *a }

func newInt(n int) *int { return &n }

func (v Vertex) Moved(d int) Vertex { v.X += d; return v }
func (v *Vertex) Move(d int)        { v.X += d }

func main() {
	i := 1
	zeroval(i)
	fmt.Println("zeroval:", i)
	zeroptr(&i)
	fmt.Println("zeroptr:", i)
	a, b := 1, 2
	swap(&a, &b)
	fmt.Println(a, b)
	p, q := newInt(5), newInt(5)
	r := p
	*r += 10
	fmt.Println(*p, *q, p == q, p == r)
	pp := &p
	**pp = 99
	*pp = q
	fmt.Println(*p, *r, p == q)

	v := Vertex{X: 1, Y: 2}
	w := v
	pv := &v
	pv.X = 1e3
	(*pv).Y++
	fmt.Println(v.X, v.Y, w.X, w.Y, v == w, *pv == v)
	px := &v.X
	*px++
	v.Move(10)
	fmt.Println(v.X, v.Moved(5).X, v.X, *px)
	*pv = Vertex{X: 7}
	fmt.Println(v.X, v.Y, *px)
	name := "tag"
	v.Tag = &name
	name = "changed"
	fmt.Println(*v.Tag, w.Tag == nil)

	arr := [3]int{1, 2, 3}
	third := &arr[2]
	*third *= 100
	s := arr[:]
	second := &s[1]
	s = append(s, 4) // moves to another array
	*second = -1
	fmt.Println(arr, s, *third)
	vs := []Vertex{{X: 1}, {X: 2}}
	for _, v := range vs {
		v.Move(100)
	}
	first := &vs[0]
	first.Move(5)
	for i := range vs {
		vs[i].Move(1)
	}
	fmt.Println(vs[0].X, vs[1].X)
	ptrs := []*Vertex{{X: 1}, {Y: 2}}
	for _, v := range ptrs {
		v.Move(100)
	}
	fmt.Println(ptrs[0].X, ptrs[1].X, *ptrs[1])

	var l List
	for _, v := range []int{1, 2, 3, 4} {
		l.Push(v)
	}
	fmt.Println(l.Values(), l.Delete(1), l.Delete(3), l.Delete(9), l.Values())
	x := new(int)
	y := new(string)
	fmt.Println(*x, *y == "", x != nil)
	inc := func(n *int) { *n++ }
	for k := 0; k < 6; k++ {
		inc(&k)
		fmt.Print(k, " ")
	}
	fmt.Println()
	var np *Vertex
	defer func() { fmt.Println(recover()) }()
	fmt.Println(np.X)
}
