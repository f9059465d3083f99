// Durations that are written as numbers, as Go allows wherever it knows the type: each prints with its unit, and is
// waited for as nanoseconds.
package main

import (
	"fmt"
	"time"
)

const small = 5
const typed time.Duration = 10 * 1000

const (
	zeroth time.Duration = iota * 1000
	first
	second
)

type T struct {
	A, B time.Duration
	C    [2]time.Duration
}

type S struct{ T }

func f(d time.Duration) { fmt.Println("f", d); time.Sleep(d); time.AfterFunc(d, func() {}).Reset(d); <-time.After(d) }

func v(ds ...time.Duration) {
	for _, d := range ds {
		f(d)
	}
}

func r() time.Duration              { return 5 * 1000 }
func r2() (time.Duration, error)    { return 5 * 1000, nil }
func r3() (d time.Duration)         { d = 7 * 100; return }
func g[X any](x X) X                { return x }
func m[X ~int64](xs []X) (s X)      { for _, x := range xs { s += x }; return }

var global time.Duration = 3 * 1000
var group, other time.Duration = 3 * 1000, 4

func main() {
	time.Sleep(10 * 1000)
	time.Sleep(1e3)
	time.Sleep(0x10)
	time.Sleep(small)
	time.Sleep(small * small)
	time.Sleep(small + 1)
	time.Sleep(typed)
	time.Sleep(-(-5))
	time.Sleep(-5)
	time.Sleep(1 << 10)
	time.Sleep(2 * (3 + 4))
	time.Sleep('a')
	time.Sleep(time.Duration(1000))
	time.Sleep(time.Duration(2) * 3)
	time.Sleep(time.Duration(len("abc")))
	time.Sleep(7 / 2)
	time.Sleep(7 % 4)
	time.Sleep(7 | 8)
	time.Sleep(^0)
	time.Sleep(+5)
	time.Sleep(time.Duration(10 * 10))
	time.Sleep(time.Duration(1.5e3))
	time.Sleep(time.Second / 1000000)
	time.Sleep(time.Second % 7)
	time.Sleep(time.Second >> 20)
	time.Sleep(time.Duration(time.Second/time.Millisecond) * 3)
	time.Sleep(second)
	v(10*1000, 1e3, 0x10, small, small*small, typed, -5, 1<<10, 2*(3+4), 'a', time.Duration(2)*3, 7/2, 7|8, first, zeroth)
	xs := []time.Duration{10 * 1000, 1, 2: 10 * 3, small}
	v(xs...)
	fmt.Println(xs, [3]time.Duration{2 * 3}, map[string]time.Duration{"a": 2 * 3, "b": 4}, map[time.Duration]int{2 * 3: 1, 5: 2})
	t := T{10 * 10, small, [2]time.Duration{2 * 3, 1}}
	u := &S{T{B: 7 * 8}}
	u.C[1] = 2 * 9
	u.A += 10 * 10
	v(t.A, t.B, t.C[0], t.C[1], u.A, u.B, u.C[0], u.C[1])
	fmt.Println(t, *u)
	var d time.Duration = 10 * 10
	v(d)
	d += 10 * 10
	v(d)
	d *= 2 * 3
	v(d)
	d <<= 2
	v(d)
	d |= 1
	d ^= 2 * 3
	d++
	d--
	v(d)
	d = max(d, 10*1000)
	v(d, min(d, 3*3), max(3*3, d), min(2*3, 5, d))
	v(r(), r3(), g(d), g[time.Duration](5*5), m(xs), m([]time.Duration{}))
	e, _ := r2()
	v(e, global, group, other)
	ch := make(chan time.Duration, 3)
	ch <- 10 * 10
	ch <- 4
	v(<-ch, <-ch)
	p := new(time.Duration)
	v(*p)
	*p = 3 * 5
	v(*p)
	*p += 2 * 2
	v(*p)
	fn := func() time.Duration { return 2 * 7 }
	v(fn())
	func(x time.Duration) { v(x) }(3 * 3)
	defer v(2 * 2)
	var any1 any = time.Duration(3 * 3)
	switch x := any1.(type) {
	case time.Duration:
		v(x, x*2, 2*x, x+1, 1+x, x-1, 5*5-x, x/2, 100/x, x%2, -x, ^x, +x)
	}
	for i := time.Duration(0); i < 3; i++ {
		v(i, i*10, 10*i+2*2)
	}
	for i := range time.Duration(2) {
		v(i)
	}
	switch d {
	case 2 * 3, 10 * 1000:
		fmt.Println("case")
	}
	var arr [2]time.Duration
	v(arr[0], arr[1])
	sl := make([]time.Duration, 2)
	sl = append(sl, 2*3, 5)
	v(sl...)
	mm := map[string]time.Duration{}
	mm["a"] += 2 * 3
	mm["b"] = 5 * 5
	mm["d"]++
	v(mm["a"], mm["b"], mm["c"], mm["d"])
	copy(sl, []time.Duration{2 * 3})
	v(sl[0])
	type pair struct{ x, y time.Duration }
	ps := []pair{{2 * 3, 4}, {y: 5 * 5}}
	v(ps[0].x, ps[0].y, ps[1].x, ps[1].y)
	a, b := time.Duration(2*3), typed
	a, b = b, a
	v(a, b)
	var z struct{ q time.Duration }
	z.q = 2 * 2
	v(z.q)
	if c := d * 2; c > 10*10 {
		v(c)
	}
	var i64 int64 = 1000
	v(time.Duration(i64), time.Duration(i64)*2*3, time.Duration(i64*2), time.Duration(float64(i64)*1.5), time.Duration(i64)/3)
	lambda := map[string]func() time.Duration{"x": func() time.Duration { return 3 * 4 }}
	v(lambda["x"]())
	time.Sleep(time.Millisecond)
}
