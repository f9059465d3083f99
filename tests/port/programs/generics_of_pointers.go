package main

import (
	"bytes"
	"fmt"
	"strconv"
)

// Type parameters that stand for pointers.

type setter[B any] interface {
	Set(string)
	*B
}

func parse[T any, P setter[T]](texts ...string) []T {
	found := make([]T, len(texts))
	for i, text := range texts {
		p := P(&found[i])
		p.Set(text)
	}
	return found
}

func parseLater[T any, P setter[T]](text string) T {
	var found T
	set := P(&found).Set
	set(text)
	return found
}

type number int

func (p *number) Set(s string) {
	n, _ := strconv.Atoi(s)
	*p = number(n)
}

func (n number) Double() int { return int(n * 2) }

type word struct{ text string }

func (w *word) Set(s string) { w.text = s }

type doubler interface{ Double() int }

func doubled[D doubler](d D) int {
	f := d.Double
	return d.Double() + f()
}

// Structs without a name that embed types with methods.

type named struct{ name string }

func (n named) String() string   { return "named " + n.name }
func (n *named) rename(s string) { n.name = s }

type flag bool

func (f flag) String() string { return fmt.Sprint("flag ", bool(f)) }

func later[T fmt.Stringer](x T) func() string { return x.String }

func through[T any, P interface {
	*T
	fmt.Stringer
}](p P) string {
	f := p.String
	return p.String() + f()
}

type renamer interface {
	fmt.Stringer
	rename(string)
}

func main() {
	fmt.Println(parse[number]("1", "22"), parse[word]("a", "b"))
	fmt.Println(parseLater[number]("7"), parseLater[word]("c"))
	n := number(4)
	fmt.Println(doubled(n), doubled(&n))
	f := flag(true)
	fmt.Println(later(f)(), through(&f))

	s := struct {
		named
		*bytes.Buffer
		count int
	}{named{"x"}, nil, 3}
	fmt.Println(s.named.String(), s.count)
	one := struct {
		named
		id int
	}{named{"one"}, 1}
	var stringer fmt.Stringer = one
	fmt.Println(stringer.String(), stringer)
	var r renamer = &one
	r.rename("two")
	fmt.Println(r, one.name, stringer)
	_, ok := stringer.(renamer)
	fmt.Println(ok)
}
