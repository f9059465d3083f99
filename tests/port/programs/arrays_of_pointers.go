// Copies of arrays of pointers and interfaces, which share what they point to.
package main

import "fmt"

type P struct{ x int }
type T struct {
	kids [3]*P
	any  [2]any
	tab  [2][2]*P
	m    [2]map[string]*P
}
type Trie struct {
	next [3]*Trie
	n    int
}

func main() {
	a, b := P{1}, P{2}
	arr := [2]*P{&a, &b}
	brr := arr
	brr[0].x = 50
	brr[1] = nil
	fmt.Println(a, arr[1] != nil, arr[0] == brr[0])
	t := T{kids: [3]*P{&a, nil, &b}}
	t.any[0] = &a
	t.any[1] = a
	t.tab[1][1] = &b
	u := t
	u.kids[0].x = 60
	u.kids[1] = &P{7}
	u.any[0].(*P).x++
	u.tab[1][1].x = 70
	fmt.Println(a, b, t.kids[1] == nil, t.any[1], u.any[0] == t.any[0], u.tab == t.tab)
	root := Trie{}
	root.next[1] = &Trie{n: 5}
	cp := root
	cp.next[1].n = 6
	cp.next[2] = &Trie{}
	fmt.Println(root.next[1].n, root.next[2] == nil)
	v := [2]any{&a, 3}
	w := v
	w[0].(*P).x = 99
	w[1] = 4
	fmt.Println(a, v[1], v[0] == w[0])
	f := func(z [2]*P) { z[0].x = -1; z[1] = nil }
	f(arr)
	fmt.Println(a, arr[1].x)
	ms := [2]map[string]int{{"a": 1}}
	ns := ms
	ns[0]["b"] = 2
	ns[1] = map[string]int{}
	fmt.Println(ms, ns)
	cs := [2]func() int{func() int { return 1 }}
	ds := cs
	ds[1] = cs[0]
	fmt.Println(cs[1] == nil, ds[1]())
	var grid [2][2]struct{ p *P }
	grid[0][0].p = &a
	g2 := grid
	g2[0][0].p.x = 123
	g2[0][0].p = nil
	fmt.Println(grid[0][0].p.x)
	for _, q := range [2]*P{&a, &b} {
		q.x *= 2
	}
	fmt.Println(a, b)
	mm := map[[2]*P]int{arr: 1}
	arr[0] = nil
	fmt.Println(len(mm), mm[brr], mm[[2]*P{&a, &b}])
}
