package main

import "fmt"

type row [3]int

func (r row) sum() int   { return r[0] + r[1] + r[2] }
func (r *row) set(v int) { r[0] = v }

type grid [2][2]int

func (g grid) trace() int { return g[0][0] + g[1][1] }

type summer interface{ sum() int }

func plain() [3]int { return [3]int{1, 2, 3} }

func give(r row) int { return r.sum() }

func made() row { return plain() }

func main() {
	values := [3]int{4, 5, 6}
	a := row(values)
	var b row = values
	values[0] = 100
	a.set(7)
	fmt.Println(a.sum(), b.sum(), give(values), give(plain()), made().sum())
	var s summer = row([3]int{1, 1, 1})
	fmt.Println(s.sum())
	s = row(plain())
	fmt.Printf("%d %T %v\n", s.sum(), s, s)
	back := [3]int(a)
	back[1] = 50
	a[2] = 60
	fmt.Println(a, back)
	var v any = back
	_, named := v.(row)
	_, bare := v.([3]int)
	fmt.Println(named, bare)
	cells := [2][2]int{{1, 2}, {3, 4}}
	g := grid(cells)
	cells[0][0] = 10
	g[1][1] = 20
	fmt.Println(g.trace(), g, cells)
	rows := []row{{1, 2, 3}, plain()}
	fmt.Println(rows[1].sum(), map[string]row{"x": plain()}["x"].sum())
}
