package main

import "fmt"

type P struct{ n int }

var g int
var m = map[string]int{}

func bump() bool       { g++; return true }
func incr(x *int) int  { *x++; return *x }
func (p *P) add() bool { p.n++; return true }

func f() int { g += 10; return g }

func two(a, b int) string        { return fmt.Sprint(a, ",", b) }
func three(a bool, b int) string { return fmt.Sprint(a, ",", b) }

func main() {
	x := 0
	set := func(v int) bool { x = v; return true }
	// reads before call in && operand
	if x == 0 && set(1) && x == 1 {
		fmt.Println("A", x)
	}
	if x == 1 && (set(5) && x == 5) {
		fmt.Println("B", x)
	}
	b := g == 0 && bump() && g == 1
	fmt.Println("C", b)
	// in the right operand: read of g, then call
	b = true && g+f() == 11
	fmt.Println("D", b, g)
	b = true && g+f() == g
	fmt.Println("E", b, g)
	p := &P{}
	b = p.n == 0 && p.add() && p.n == 1
	fmt.Println("F", b)
	y := 3
	b = x == 5 && y+incr(&y) == 8
	fmt.Println("G", b, y)
	fmt.Println("H", y, incr(&y), y)
	fmt.Println(two(y, incr(&y)))
	s := []int{1, 2, 3}
	i := 0
	next := func() int { i++; return i }
	s[i], s[next()] = 7, 8
	fmt.Println(s, i)
	i = 0
	fmt.Println(s[i]+next(), s[i], next())
	fmt.Println(three(i == 2 && next() == 3, i))
	arr := [3]int{10, 20, 30}
	mod := func() int { arr[0] = 99; return 1 }
	fmt.Println(arr[0]+mod(), arr[0])
	mp := map[string]int{"a": 1}
	mm := func() int { mp["a"] = 50; return 1 }
	fmt.Println(mp["a"]+mm(), mp["a"])
	c := mp["a"] == 50 && mp["a"]+mm() == 51
	fmt.Println(c)
	q := &P{1}
	repl := func() int { q = &P{100}; return 1 }
	fmt.Println(q.n + repl())
	// bool of call and variable
	ok := false
	setok := func() bool { ok = true; return true }
	r := ok || setok() && ok
	fmt.Println(r)
	ok = false
	r2 := []bool{ok, setok(), ok}
	fmt.Println(r2)
	ok = false
	r3 := []bool{ok, ok || setok(), ok}
	fmt.Println(r3)
	ok = false
	r4 := ok == (ok || setok())
	fmt.Println(r4)
	ok = false
	r5 := ok != setok()
	fmt.Println(r5)
	n := 0
	inc := func() int { n++; return n }
	z := n + inc()*n
	fmt.Println(z)
	z = inc() + n
	fmt.Println(z)
	z = n - inc()
	fmt.Println(z)
	st := P{n}
	stx := struct{ a, b, c int }{n, inc(), n}
	fmt.Println(st, stx)
	mk := map[int]int{n: inc()}
	fmt.Println(mk)
	k := n
	k += inc() + n
	n += inc()
	fmt.Println(k, n)
	arr2 := []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	arr2[n] = inc()
	arr2[n] += inc()
	fmt.Println(arr2)
	ret := func() (int, int) { return n, inc() }
	fmt.Println(ret())
	str := "a"
	app := func() string { str += "b"; return str }
	fmt.Println(str + app() + str)
	sl := []int{1}
	push := func() int { sl = append(sl, 9); return len(sl) }
	fmt.Println(len(sl), push(), len(sl))
	fmt.Println(len(sl) + push())
	fmt.Println(len(sl) == 3 && len(sl)+push() == 8)
	if v := n; v == inc()-1 && n == v+1 {
		fmt.Println("yes")
	}
	for n < 20 && n+inc() > 0 {
	}
	fmt.Println(n)
	switch {
	case n+inc() == 2*n:
		fmt.Println("after")
	default:
		fmt.Println("before")
	}
}
