package main

import "fmt"

type Switch bool

func (s Switch) String() string {
	if s {
		return "on"
	}
	return "off"
}

const On Switch = true

type Flag bool

type Lamp struct {
	s    Switch
	name string
	f    Flag
}

type L2 struct {
	S Switch
}

func (s *Switch) Toggle() { *s = !*s }

func main() {
	l := Lamp{true, "x", true}
	fmt.Println(l)
	fmt.Printf("%v %+v\n", l, l)
	fmt.Println(L2{On})
	s := Switch(false)
	fmt.Println(s, !s, On)
	fmt.Printf("%v %t %T\n", s, s, s)
	s.Toggle()
	fmt.Println(s)
	l.s = s && false
	fmt.Println(l.s, l.s.String())
	m := map[Switch]int{true: 1}
	fmt.Println(m)
	fmt.Println([]Switch{true, false})
	var x any = s
	_, ok := x.(bool)
	sw, ok2 := x.(Switch)
	fmt.Println(ok, sw, ok2)
	a, b := 1, 2
	l.s = a < b
	fmt.Println(l.s)
	s = a > b
	fmt.Println(s)
	f := Flag(a < b)
	fmt.Println(f)
	var st fmt.Stringer = s
	fmt.Println(st.String())
	switch st {
	case Switch(false):
		fmt.Println("false")
	}
	if s == (a > b) {
		fmt.Println("eq")
	}
	fmt.Println(bool(s))
}
