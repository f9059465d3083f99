package main

import (
	"fmt"
	"sync"
	"time"
)

type P struct{ a int }
type M struct {
	mu sync.Mutex
	n  int
}

func main() {
	s := make([]P, 3)
	t := []P{{1}, {2}}
	fmt.Println(copy(s, t), s)
	t[0].a = 9
	fmt.Println(s)
	ps := []*P{{1}, nil}
	qs := make([]*P, 2)
	copy(qs, ps)
	fmt.Println(qs[0] == ps[0], qs[1] == nil)
	ts := make([]time.Time, 2)
	copy(ts, []time.Time{time.Unix(5, 0).UTC()})
	fmt.Println(ts[0].Unix(), ts[1].IsZero())
	a := [3]P{}
	copy(a[:], s[1:])
	fmt.Println(a)
	ar := make([][2]int, 2)
	copy(ar, [][2]int{{1, 2}, {3, 4}})
	fmt.Println(ar)
	us := make([]struct{}, 2)
	fmt.Println(copy(us, []struct{}{{}}), us)
	copy(s[1:], s)
	fmt.Println(s)
}
