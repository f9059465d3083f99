// Pointers to fields of structs, and into them: an assignment to the whole struct changes what they point to.
package main

import (
	"fmt"
	"sync"
)

type Point struct{ x, y int }
type Box struct {
	mu   sync.Mutex
	cond *sync.Cond
	min  Point
	max  *Point
	sum  [4]byte
	In
}
type In struct{ tag Point }

func (b *Box) Reset()         { b.cond = nil; b.min = Point{}; b.In = In{} }
func (b *Box) Corner() *Point { return &b.min }
func (i *In) Tag() *Point     { return &i.tag }

type State struct {
	cfg   Config
	buf   [8]byte
	stack []Config
}
type Config struct {
	name string
	pos  Point
}

func (s *State) Clear() { *s = State{} }
func move(p *Point)     { p.x++ }

func swap(a, b *Config) { *a, *b = *b, *a }

func main() {
	b := &Box{}
	b.cond = sync.NewCond(&b.mu)
	c, t, s := b.Corner(), b.Tag(), b.sum[:]
	c.x, t.y = 5, 6
	b.sum = [4]byte{1, 2, 3, 4}
	fmt.Println(b.min, b.tag, s)
	b.Reset()
	fmt.Println(*c, *t, s, b.cond == nil)
	t.x = 9
	b.In = In{Point{1, 1}}
	fmt.Println(*t, b.tag)
	var st State
	p, view := &st.cfg.pos, st.buf[2:4]
	move(p)
	move(&st.cfg.pos)
	st.stack = append(st.stack, st.cfg)
	st.cfg = Config{"new", Point{10, 10}}
	move(p)
	copy(view, "hi")
	fmt.Println(st.cfg, st.stack, st.buf)
	saved := st
	st.Clear()
	fmt.Println(*p, view, st.cfg, saved.cfg, saved.buf)
	st = saved
	fmt.Println(*p, string(view), st.cfg)
	move(p)
	fmt.Println(st.cfg.pos, saved.cfg.pos)
	st.stack = append(st.stack, st.cfg, Config{name: "z"})
	q := &st.stack[0].pos
	swap(&st.stack[0], &st.stack[1])
	fmt.Println(*q, st.stack)
	st.stack[0], st.stack[2] = st.stack[2], st.stack[0]
	move(q)
	fmt.Println(*q, st.stack)
	other := State{cfg: saved.cfg}
	st, other = other, st
	fmt.Println(*p, st.cfg, other.cfg, len(other.stack))
	states := map[string]State{"a": other}
	x := states["a"]
	y := &x.cfg.pos
	x = State{}
	fmt.Println(*y, states["a"].cfg)
	for i := range 2 {
		x.cfg = Config{pos: Point{i, i}}
		move(y)
		fmt.Println(x.cfg.pos)
	}
	ch := make(chan Config, 1)
	ch <- x.cfg
	x.cfg = <-ch
	move(&x.cfg.pos)
	fmt.Println(*y, x.cfg)
	pointersToNumbers()
	fieldsOfTwins()
}

type Line struct {
	from, to Point
	row      [3]int
}

var line Line
var row [3]int

func pointersToNumbers() {
	end := Point{1, 2}
	y := &end.y
	kept := end
	end = Point{3, 4}
	fmt.Println(*y, kept, end)
	x := &line.from.x
	line.from = end
	fmt.Println(*x)
	line = Line{from: Point{5, 6}}
	fmt.Println(*x)
	second, last := &row[1], &line.row[2]
	row = [3]int{1, 2, 3}
	line.row = row
	row[2]++
	fmt.Println(*second, *last, row)
	line = Line{row: [3]int{4, 5, 6}}
	lines := []Line{line}
	y = &lines[0].to.y
	lines[0].to = end
	fmt.Println(*last, *y)
	lines[0] = Line{to: Point{7, 8}}
	fmt.Println(*y, line)
}

// Span and Range have the same fields; there are only pointers into a Range.
type Span struct {
	n   int
	arr [3]int
}

type Range struct {
	n   int
	arr [3]int
}

func fieldsOfTwins() {
	s, r := Span{arr: [3]int{7, 8, 9}}, Range{arr: [3]int{1, 2, 3}}
	last := &r.arr[2]
	r = Range{n: 1, arr: [3]int{4, 5, 6}}
	*last += 10
	fmt.Println(s, r, *last)
}
