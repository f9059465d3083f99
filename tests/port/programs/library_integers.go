package main

import (
	"bufio"
	"container/list"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
)

type code int8

func (c code) Error() string { return fmt.Sprint("code ", int(c)) }

type wrapped struct {
	n   int32
	err error
}

func (w *wrapped) Error() string { return "w" }
func (w *wrapped) Unwrap() error { return w.err }

type cfg struct {
	N int32
	M map[string]int8
}

type num interface{ ~int8 | ~int }

func half[T num](x T) T { return x / 2 }

func fill(dst any, text string) {
	switch d := dst.(type) {
	case *int32:
		fmt.Sscan(text, d)
	case *int:
		fmt.Sscan(text, d)
	}
}

type set struct{ vals []int }

func (s *set) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, v := range s.vals {
			if !yield(v) {
				return
			}
		}
	}
}

func args(a ...any) []any { return a }

func main() {
	var c code
	fmt.Println(errors.As(fmt.Errorf("x: %w", code(-101)), &c), c/2, c%3, c-100)
	var w *wrapped
	errors.As(error(&wrapped{n: -7, err: code(1)}), &w)
	fmt.Println(w.n/2, w.n%4)
	var a, b int
	var s32 int32
	fmt.Sscanf("-7 2147483647", "%d %d", &a, &s32)
	s32++
	fmt.Println(a/2, a%3, s32)
	fill(&s32, "-9")
	fill(&b, "-11")
	fmt.Println(s32/2, s32%2, b/2, b%3)
	ctx := context.WithValue(context.Background(), "k", -5)
	v := ctx.Value("k").(int)
	fmt.Println(v/2, v%2)
	var m sync.Map
	m.Store("a", int8(-127))
	x, _ := m.Load("a")
	y := x.(int8)
	y -= 2
	fmt.Println(y, y/2)
	var av atomic.Value
	av.Store(-3)
	fmt.Println(av.Load().(int)/2, av.Load().(int)%2)
	l := list.New()
	l.PushBack(-15)
	e := l.Front().Value.(int)
	fmt.Println(e/4, e%4)
	st := &set{[]int{-1, -2, -3}}
	next, stop := iter.Pull(st.all())
	p, _ := next()
	q, _ := next()
	stop()
	fmt.Println(p/2, q/4, p%2)
	for v := range st.all() {
		fmt.Print(v/2, v%2, " ")
	}
	fmt.Println(slices.Max(st.vals)/2, slices.Min(st.vals)/2, slices.Collect(st.all())[2]/2)
	sorted := slices.SortedFunc(maps.Keys(map[int]bool{-9: true, 4: true}), func(a, b int) int { return a/2 - b/2 })
	fmt.Println(sorted, sorted[0]/2, sorted[0]%2)
	var cf cfg
	_ = json.NewDecoder(strings.NewReader(`{"N": -2147483648, "M": {"q": -128}}`)).Decode(&cf)
	cf.N--
	cf.M["q"]--
	fmt.Println(cf.N, cf.M, cf.N/2)
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	n := fs.Int("n", 1, "")
	var k int
	fs.IntVar(&k, "k", 3, "")
	_ = fs.Parse(strings.Fields("-n -7 -k -9"))
	fmt.Println(*n/2, *n%2, k/2, k%4)
	fmt.Println(half(int8(-7)), half(-9))
	pool := sync.Pool{New: func() any { return new(int) }}
	ip := pool.Get().(*int)
	*ip -= 5
	pool.Put(ip)
	fmt.Println(*pool.Get().(*int) / 2)
	once := sync.OnceValue(func() int { return -7 })
	fmt.Println(once()/2, once()%2)
	as := args(-3, int8(-128))
	fmt.Println(as[0].(int)/2, -as[1].(int8), as[1].(int8)-1)
	sc := bufio.NewScanner(strings.NewReader("-5 -6"))
	sc.Split(bufio.ScanWords)
	for sc.Scan() {
		var t int
		fmt.Sscan(sc.Text(), &t)
		fmt.Print(t/2, t%2, " ")
	}
	i := sort.Search(10, func(i int) bool { return i-20 > -15 })
	fmt.Println(i, (i-20)/3, (i-20)%3)
	ch := make(chan func() int, 1)
	ch <- func() int { return -7 }
	fmt.Println((<-ch)() / 2)
	type pt struct{ x, y int }
	mp := map[pt]pt{{-1, -2}: {-3, -4}}
	for k, v := range mp {
		fmt.Println(k.x/2, k.y/4, v.x%2, v.y/3)
	}
	arr := [...]int{2: -5}
	for _, v := range arr {
		fmt.Print(v/2, " ")
	}
	var nested struct{ in [2]struct{ v int8 } }
	pv := &nested.in[1].v
	*pv = -128
	*pv--
	fmt.Println(nested.in[1].v, nested.in[1].v/2)
	idx := strings.Index("abc", "z")
	fmt.Println(idx/2, idx%2, (idx-1)/2)
	defer func() {
		r := recover().(int)
		fmt.Println(r/2, r%2)
	}()
	panic(-7)
}
