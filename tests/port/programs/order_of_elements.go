// What an operand is, if a call further right changes it: strings of slices, and elements that are assigned to.
package main

import "fmt"

type E struct {
	b []byte
	r []rune
	s string
}

func (e *E) f() int {
	e.b[0]++
	e.r[0]++
	e.s += "!"
	return 0
}
func (e *E) g() int {
	e.b = append([]byte("Z"), e.b...)
	e.r = append([]rune("Z"), e.r...)
	return 0
}
func p(a string, b int)            { fmt.Println(a, b) }
func pb(a []byte, b int)           { fmt.Println(a, b) }
func pr(a []rune, b int)           { fmt.Println(a, b) }
func ps(a string, b int, c string) { fmt.Println(a, b, c) }

func conversions() {
	e := &E{[]byte("a"), []rune("a"), "a"}
	fmt.Println(string(e.b), e.f())
	fmt.Println(string(e.r), e.f())
	fmt.Println([]byte(e.s), e.f())
	fmt.Println([]rune(e.s), e.f())
	fmt.Println(string(e.b), e.g())
	fmt.Println(string(e.r), e.g())
	p(string(e.b), e.f())
	p(string(e.r), e.f())
	p(string(e.b)+"x", e.g())
	p("y"+string(e.r), e.g())
	pb([]byte(e.s), e.f())
	pr([]rune(e.s), e.f())
	ps(string(e.r[0]), e.f(), string(e.r[:1]))
	x, y := string(e.b), e.f()
	fmt.Println(x, y)
	s := []string{string(e.b), fmt.Sprint(e.f())}
	fmt.Println(s)
	m := map[string]int{string(e.b): e.f()}
	fmt.Println(m)
	t := struct {
		a string
		b int
	}{string(e.r), e.g()}
	fmt.Println(t)
	fmt.Println(string(e.b) == string(e.r), e.f(), len(string(e.b)), e.g())
	if string(e.b) < fmt.Sprint(e.f(), string(e.b)) {
		fmt.Println("lt")
	}
}

var pkg = []int{1, 2, 3}
var m = map[string]int{"a": 1}

type T struct{ xs []int }

func change() int      { pkg = []int{9, 9, 9}; return 1 }
func changeM() string  { m = map[string]int{"b": 5}; return "b" }
func (t *T) next() int { t.xs = append([]int{7}, t.xs...); return 0 }
func show()            { fmt.Println(pkg, m) }
func val() int         { pkg = append(pkg, 1); return len(pkg) }

func assignments() {
	pkg[change()] = 5
	show()
	pkg = []int{1, 2, 3}
	pkg[change()] += 5
	show()
	pkg = []int{1, 2, 3}
	pkg[change()]++
	show()
	m[changeM()] = 2
	show()
	m = map[string]int{"a": 1}
	m[changeM()] += 2
	show()
	t := &T{[]int{1}}
	t.xs[t.next()] = 3
	fmt.Println(t.xs)
	t.xs[t.next()] += t.next()
	fmt.Println(t.xs)
	pkg[0], pkg[change()] = 4, 4
	show()
	pkg[change()] = val()
	show()
	x := &pkg[change()]
	*x = 77
	show()
}

func main() {
	conversions()
	assignments()
}
