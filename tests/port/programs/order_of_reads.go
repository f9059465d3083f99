package main

import "fmt"

type P struct{ n int }
type Q struct{ a, b int }

//go:noinline
func two(a, b any) string { return fmt.Sprint(a, " ", b) }

//go:noinline
func twoi(a, b int) string { return fmt.Sprint(a, " ", b) }

//go:noinline
func (p P) val(x int) int { return p.n*100 + x }

//go:noinline
func (p *P) ptr(x int) int { return p.n*100 + x }

func (q Q) String() string { return fmt.Sprint("Q", q.a, q.b) }

type St interface{ val(int) int }

var sl = []int{1}
var st = "a"
var mp = map[string]int{"a": 1}
var x = 1
var pp = &P{1}
var arr [3]int
var q Q
var f32 float32 = 1
var bb bool
var u8 uint8
var an any = 1
var cp = complex(1, 2)
var iv St = P{5}
var fn = func(a int) int { return a }

//go:noinline
func chg() int {
	sl = append(sl, 9)
	st += "b"
	mp["a"]++
	mp[fmt.Sprint(x)] = 1
	x++
	pp = &P{x}
	arr[0]++
	q.a++
	f32++
	bb = !bb
	u8++
	cp += 3 + 4i
	an = x
	iv = P{x}
	y := x
	fn = func(a int) int { return a + y*1000 }
	return x
}

func ret() (int, int)    { return x, chg() }
func ret3() (int, int)   { return len(sl), chg() }
func ret2() (any, int)   { return x, chg() }
func ret4() (a, b int)   { return x, chg() }
func ret5() (Q, int)     { return q, chg() }
func ret6() (bool, int)  { return bb, chg() }
func ret7() (int, error) { return x + 1, fmt.Errorf("%d", chg()) }

func main() {
	fmt.Println("len(sl)", len(sl), chg())
	fmt.Println("len(sl)+", len(sl)+chg())
	fmt.Println("twoi len", twoi(len(sl), chg()))
	fmt.Println("cap", twoi(cap(sl), chg()))
	fmt.Println("len(st)", len(st), chg())
	fmt.Println("len(mp)", len(mp), chg())
	fmt.Println("st", st, chg())
	fmt.Println("mp[a]", mp["a"], chg())
	fmt.Println("x", x, chg())
	fmt.Println("x+1", x+1, chg())
	fmt.Println("x*x+x", x*x+chg())
	fmt.Println("int64(x)", int64(x), chg())
	fmt.Println("pp.n", pp.n, chg())
	fmt.Println("pp", two(pp, chg()) != "", *pp)
	fmt.Println("*pp", *pp, chg())
	fmt.Println("arr0", arr[0], chg())
	fmt.Println("arr", arr, chg())
	fmt.Println("q", q, chg())
	fmt.Println("q.a", q.a, chg())
	fmt.Println("f32", f32, chg())
	fmt.Println("bb", bb, chg())
	fmt.Println("!bb", !bb, chg())
	fmt.Println("bb&&", bb && x > 0, chg())
	fmt.Println("x>10", x > 40, chg())
	fmt.Println("u8", u8, chg())
	fmt.Println("real", real(cp), imag(cp), chg())
	fmt.Println("complex", complex(f32, f32), len(make([]int, x)), chg())
	fmt.Println("an", an, chg())
	fmt.Println("sl", sl, chg())
	fmt.Println("sl[1:]", sl[1:], chg())
	fmt.Println("sl[len-1]", sl[len(sl)-1], chg())
	fmt.Println("st[1:]", st[1:], chg())
	fmt.Println("st+", st+"c", chg())
	fmt.Println("st[]", st[len(st)-1], chg())
	fmt.Println("pp.val", pp.val(chg()))
	fmt.Println("pp.ptr", pp.ptr(chg()))
	fmt.Println("iv.val", iv.val(chg()))
	fmt.Println("fn()", fn(chg()))
	fmt.Println("mp[st]", mp[fmt.Sprint(x)], chg())
	fmt.Println("min", min(x, 1000), chg())
	fmt.Println("min", min(x, chg()))
	fmt.Println("an.(int)", an.(int), chg())
	fmt.Println("[]byte", []byte(st), chg())
	fmt.Println("Q{}", Q{x, chg()})
	fmt.Println("Q{}", Q{x, x}, chg())
	fmt.Println("[]int{}", []int{x, len(sl)}, chg())
	fmt.Println("[]int{}", []int{x, len(sl), chg()})
	fmt.Println("map{}", map[int]int{x: chg()}, x)
	fmt.Println("map{}", map[string]int{st: chg()}, x)
	fmt.Println("&Q", *&Q{x, chg()})
	fmt.Println(ret())
	fmt.Println(ret2())
	fmt.Println(ret3())
	fmt.Println(ret4())
	fmt.Println(ret5())
	fmt.Println(ret6())
	fmt.Println(ret7())
	a, b := x, chg()
	fmt.Println(a, b)
	c, d := len(sl), chg()
	fmt.Println(c, d)
	var e, g any = x, chg()
	fmt.Println(e, g)
	sl = append(sl, chg())
	fmt.Println(sl)
	h := append(sl, chg(), x)
	fmt.Println(h, len(sl))
	ch := make(chan int, 3)
	ch <- x + chg()
	fmt.Println(<-ch, x)
	fmt.Println(string(rune('a'+x%20)), chg())
	fmt.Println(x-chg(), x)
	fmt.Println(x == chg(), len(sl) == chg())
	fmt.Printf("%d %d %s\n", x, chg(), st)
	s := fmt.Sprintf("%d %d", x, chg())
	fmt.Println(s)
	arr[x-x] = chg() + arr[0]
	fmt.Println(arr)
	arr[0] += chg()
	fmt.Println(arr)
	q.a += chg()
	fmt.Println(q)
	mp["a"] += chg()
	fmt.Println(mp["a"])
	x += chg()
	fmt.Println(x)
	st += fmt.Sprint(chg())
	fmt.Println(st)
	sl[len(sl)-1] = chg()
	fmt.Println(sl)
	if x < chg() && x == chg() {
		fmt.Println("if")
	}
	switch x {
	case chg():
		fmt.Println("case")
	default:
		fmt.Println("default")
	}
	for i := 0; i+x < chg()+3 && i < 10; i++ {
		fmt.Println("for", i)
	}
	for range x - chg() {
		fmt.Println("never")
	}
	fmt.Println(func() int { return x }(), chg(), func() int { return x }())
}
