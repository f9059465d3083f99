// Values of named types that become values of their underlying types, and lose their methods.
package main

import (
	"fmt"
	"sort"
)

type IntSlice []int

func (s IntSlice) String() string { return "IS" + fmt.Sprint([]int(s)) }

type Reg map[string]int

func (r Reg) String() string { return "REG" }

type Arr [2]int

func (a Arr) String() string { return "ARR" }

type Fn func(int) int

func (f Fn) String() string { return "FN" }

type Str struct{ a, b int }

func (s Str) String() string { return "STR" }

func toSlice(s []int) interface{}  { return s }
func fromNamed(s IntSlice) []int   { return s }
func toNamed(s []int) IntSlice     { return s }
func toMap(m map[string]int) any   { return m }
func toArr(a [2]int) any           { return a }

type Wrap struct {
	s []int
	n IntSlice
}
type Bytes []byte

func (b Bytes) String() string { return "B:" + string(b) }

func main() {
	s := IntSlice{3, 1, 2}
	var plain []int = s
	fmt.Println(s, plain, toSlice(s), fromNamed(s), toNamed([]int{1}))
	fmt.Printf("%T %T %T %T\n", s, plain, toSlice(s), fromNamed(s))
	plain[0] = 9
	fmt.Println(s, plain)
	plain = append(s, 1)
	fmt.Println(plain, append(s, 4), append([]int{}, s...), s[:1], s[1:])
	fmt.Printf("%T %T %T %T\n", plain, append(s, 4), append([]int{}, s...), s[:1])
	w := Wrap{s, plain}
	w2 := Wrap{s: s, n: s}
	fmt.Println(w, w2.s, w2.n)
	m := Reg{"a": 1}
	fmt.Println(m, len(m))
	a := Arr{1, 2}
	var pa [2]int = a
	pa[0] = 5
	fmt.Println(a, pa, toArr(a), a == pa)
	sort.Ints(s)
	fmt.Println(s, IntSlice(plain), []int(s))
	ss := [][]int{s, plain}
	fmt.Println(ss, []IntSlice{s, plain}, map[string][]int{"k": s})
	ch := make(chan []int, 1)
	ch <- s
	fmt.Println(<-ch)
	var i interface{} = s
	_, ok := i.([]int)
	_, ok2 := i.(IntSlice)
	var j interface{} = plain
	_, ok3 := j.(IntSlice)
	fmt.Println(ok, ok2, ok3)
	switch v := i.(type) {
	case []int:
		fmt.Println("plain", v)
	case IntSlice:
		fmt.Println("named", v)
	}
	f := Fn(func(i int) int { return i + 1 })
	var pf func(int) int = f
	fmt.Println(f(1), pf(2))
	st := Str{1, 2}
	var ps struct{ a, b int } = st
	fmt.Println(st, ps)
	b := Bytes("hi")
	var pb []byte = b
	fmt.Println(b, pb, string(pb), string(b))
	fmt.Printf("%s %v %x %T\n", b, pb, b, pb)
	type T2 IntSlice
	fmt.Println(T2(s), IntSlice(T2(s)))
	for _, x := range [][]int{s} {
		fmt.Println(x)
	}
	var k, l = s, plain
	k, l = l, k
	fmt.Println(k, l)
	ret := func() (a []int, b IntSlice) { a, b = s, s; return }
	x, y := ret()
	fmt.Println(x, y)
	defer func() { fmt.Println(recover()) }()
	panic(fmt.Sprint(func() []int { return s }()))
}
