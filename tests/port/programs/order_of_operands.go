// Calls that come before reads, in arguments, literals and operands of every kind.
package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
)

var calls int

type T struct{ n int }

func h() int             { calls++; return calls }
func (t *T) inc() int    { t.n++; return t.n }
func b2i(b bool) int     { if b { return 1 }; return 0 }
func show(s ...any)      { fmt.Println(s...) }
func pair() (int, error) { return h(), nil }

func main() {
	x := 1
	t := &T{}
	up := func() int { x++; return x }
	fmt.Println(strings.Repeat("x", b2i(x == up() || x < up())), calls, x)
	fmt.Println(strings.Contains("abc", strings.Repeat("b", b2i(x != up() && x == up()-1))), x)
	fmt.Println(math.Abs(float64(x-up())), x)
	fmt.Println(strconv.Itoa(x+up()), x)
	fmt.Println(len(strings.Split(strings.Repeat("a,", x*b2i(up() > 0 && x > 0)), ",")), x)
	s := []int{1, 2, 3}
	s = append(s, x, up(), x)
	fmt.Println(s)
	m := map[int]int{7: up(), 9: up()}
	fmt.Println(x)
	m[x] += up()
	m[up()]++
	fmt.Println(m[x], x)
	fmt.Println(t.n, t.inc(), t.n, t.inc()+t.n)
	show(x, up(), x)
	a, b := x, up()
	fmt.Println(a, b)
	fmt.Println(max(x, up(), x), min(up(), x))
	var sb strings.Builder
	fmt.Fprintf(&sb, "%d %d %d", x, up(), x)
	fmt.Println(sb.String())
	arr := [3]int{x, up(), x}
	arr[b2i(x == up())] += up()
	fmt.Println(arr, x)
	p := &x
	fmt.Println(*p+up(), *p)
	str := "a"
	add := func(k string) string { str += k; return str }
	fmt.Println(str+add("b")+str, str)
	str += add("c") + str
	fmt.Println(str)
	if v, err := pair(); err == nil && v > 0 && v == calls {
		fmt.Println("pair", v)
	}
	for i := up(); i < up() && x < 40; i += 2 {
		x--
	}
	fmt.Println(x > 0, time.Duration(x*up()) > 0, os.Getenv("NOPE"+strconv.Itoa(up())) == "", x)
	func(a, b, c int) { fmt.Println(a, b, c) }(x, up(), x)
	defer fmt.Println("d", x, up(), x)
	ok := x > 0 && (up() > 0 || up() > 100) && !(x == up())
	fmt.Println(ok, x)
	type P struct{ a, b int }
	q := P{x, up()}
	r := []P{{x, up()}, {up(), x}}
	fmt.Println(q, r, x == up(), up() == x, x)
	fs := []func() int{up, func() int { return x * up() }}
	fmt.Println(fs[0]()+fs[1](), fs[b2i(x < up())]())
	var e any = x
	fmt.Println(e == any(up()), e.(int)+up(), x)
	switch y := up(); {
	case y == x && up() > y:
		fmt.Println("case", y, x)
	}
	switch x + up() {
	case x*2 - 1, up():
		fmt.Println("eq")
	default:
		fmt.Println("dflt", x)
	}
	ch := make(chan int, 3)
	ch <- x
	ch <- up()
	fmt.Println(<-ch-x, <-ch == up()-1)
	c := complex(float64(x), float64(up()))
	fmt.Println(real(c) < imag(c), x<<b2i(up() > 0), -x+up(), ^x&up(), x%up(), x/up())
	z := up
	fmt.Println(z()+x, x+z())
}
