// Type parameters whose constraints are interfaces of the library: their methods called on types of all kinds.
package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

type Celsius int

func (c Celsius) String() string { return fmt.Sprintf("%d degrees", int(c)) }

type Switch bool

func (s Switch) String() string {
	if s {
		return "on"
	}
	return "off"
}

type Labels map[string]int

func (l Labels) String() string { return fmt.Sprint(len(l), " labels") }

type Point struct{ X, Y int }

func (p Point) String() string { return fmt.Sprintf("<%d %d>", p.X, p.Y) }

type Counter struct{ n int }

func (c *Counter) String() string { c.n++; return fmt.Sprint("call ", c.n) }

func (c *Counter) Write(p []byte) (int, error) { c.n += len(p); return len(p), nil }

func texts[T fmt.Stringer](xs ...T) (out []string) {
	for _, x := range xs {
		out = append(out, x.String())
	}
	return out
}

type ordered interface {
	~int | ~int64
	fmt.Stringer
}

func largest[T ordered](xs ...T) string { return slices.Max(xs).String() }

type unique interface {
	fmt.Stringer
	comparable
}

func distinct[T unique](xs ...T) string {
	var b strings.Builder
	seen := map[T]bool{}
	for _, x := range xs {
		if !seen[x] {
			b.WriteString(x.String() + ";")
		}
		seen[x] = true
	}
	return b.String()
}

func write[W io.Writer](w W, text string) W {
	n, err := w.Write([]byte(text))
	fmt.Println(n, err)
	return w
}

type Table[K fmt.Stringer, V any] struct {
	keys   []K
	values []V
}

func (t *Table[K, V]) Add(k K, v V) {
	t.keys = append(t.keys, k)
	t.values = append(t.values, v)
}

func (t *Table[K, V]) Print() {
	for i, k := range t.keys {
		fmt.Println(k.String(), t.values[i])
	}
}

func main() {
	fmt.Println(texts(Celsius(3), Celsius(-4)))
	fmt.Println(texts(Switch(true), Switch(false)))
	fmt.Println(texts(Labels{"a": 1}, nil))
	fmt.Println(texts(Point{1, 2}), texts(&Point{3, 4}))
	c := &Counter{}
	fmt.Println(texts(c, c), c.n)
	fmt.Println(texts(1500*time.Millisecond, time.Hour), texts(time.March), texts(time.Sunday))
	fmt.Println(largest(Celsius(1), Celsius(7)), largest(time.Second, time.Minute))
	fmt.Println(distinct(Point{1, 1}, Point{1, 1}, Point{}), distinct(Celsius(2), Celsius(2)))
	fmt.Println(write(&bytes.Buffer{}, "to a buffer").String())
	fmt.Println(write(c, "twelve bytes").n)
	fmt.Println(write(&strings.Builder{}, "to a builder").Len())
	var t Table[time.Month, string]
	t.Add(time.May, "fifth")
	t.Print()
	u := &Table[Celsius, []int]{}
	u.Add(40, []int{1})
	u.Print()
}
