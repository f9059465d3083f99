package main

import (
	"fmt"
	"sort"
)

type P struct {
	name string
	age  int
}

type ByAge []P

func (b ByAge) Len() int           { return len(b) }
func (b ByAge) Less(i, j int) bool { return b[i].age < b[j].age }
func (b ByAge) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func main() {
	s := []P{{"a", 3}, {"b", 1}, {"c", 2}}
	p := &s[0]
	sort.Slice(s, func(i, j int) bool { return s[i].age < s[j].age })
	fmt.Println(*p, s)
	p.age = 100
	fmt.Println(s)
	q := &s[1]
	sort.Sort(ByAge(s))
	fmt.Println(*q, s)
	s[0], s[2] = s[2], s[0]
	fmt.Println(*p, *q, s)
	ps := []*P{}
	for i := range s {
		ps = append(ps, &s[i])
	}
	sort.Slice(ps, func(i, j int) bool { return ps[i].name < ps[j].name })
	for _, x := range ps {
		fmt.Print(*x, " ")
	}
	fmt.Println()
	ps[0].age = 7
	fmt.Println(s)
	n := []int{3, 1, 2}
	r := &n[0]
	sort.Ints(n)
	fmt.Println(*r, n)
	*r = 50
	fmt.Println(n)
	sort.SliceStable(s, func(i, j int) bool { return s[i].name > s[j].name })
	fmt.Println(s, *p)
	copy(s, s[1:])
	fmt.Println(s, *p, *q)
	s = append(s[:1], s[2:]...)
	fmt.Println(s, *p, *q)
}
