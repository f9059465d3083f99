package main

import "fmt"

type T [2]int
type S [1]string

type Counter int

func (c *Counter) Add(n int) { *c += Counter(n) }

type P struct{ x, y int }

func (p P) Moved(n int) P { p.x += n; return p }
func (p *P) Last() *P {
	for p != nil && p.x < 3 {
		p = &P{p.x + 1, p.y}
	}
	return p
}
func (p P) Ptr() *int { return &p.x }

func f(a, b, c int) (ok bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	if a < b && b <= c {
		return ok, nil
	}
	if !(a == b) && !(a != c) {
		return true, err
	}
	return ok, err
}

func main() {
	m := map[T]int{{1, 2}: 3}
	m[T{1, 2}]++
	n := map[[1]string]bool{{"a,b"}: true, {"]"}: true}
	fmt.Println(m[T{1, 2}], n[[1]string{"a,b"}], n[[1]string{"]"}], n[[1]string{"["}], len(n))
	o := map[[2]string]int{{"[", "]"}: 1, {"a", "b,c"}: 2}
	fmt.Println(o[[2]string{"[", "]"}], o[[2]string{"a", "b,c"}])
	var c Counter
	c.Add(2)
	c.Add(3)
	p := P{1, 2}
	fmt.Println(c, p.Moved(2), p, p.Last().x, *p.Ptr())
	fmt.Println(f(1, 2, 3))
	fmt.Println(f(1, 2, 1))
	fmt.Println(f(3, 2, 1))
	fmt.Println("")
	z := complex(1, 2) * (3 + 4i)
	w := -1 + 0i
	fmt.Println(z, w, (2+1i)*z)
	x := 5
	_ = x
	y, k := 1, 2
	_ = k
	fmt.Println(y, 1 <= x && x < 10, 10 > x && x >= 5, x < 10 && y < 3)
	g := P.Moved
	fmt.Println(g(p, 1), P.Moved(p, 2), shower.String(named("q")))
}

type named string

func (n named) String() string { return "<" + string(n) + ">" }

type shower interface{ String() string }
