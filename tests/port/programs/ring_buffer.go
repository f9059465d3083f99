package main

import (
	"container/ring"
	"errors"
	"fmt"
	"io"
)

var ErrFull = errors.New("ring buffer is full")

type RingBuffer[T any] struct {
	buf         []T
	head, count int
}

func New[T any](size int) *RingBuffer[T] { return &RingBuffer[T]{buf: make([]T, size)} }

func (r *RingBuffer[T]) Push(v T) error {
	if r.count == len(r.buf) {
		return ErrFull
	}
	r.buf[(r.head+r.count)%len(r.buf)] = v
	r.count++
	return nil
}

func (r *RingBuffer[T]) Pop() (v T, err error) {
	if r.count == 0 {
		err = io.EOF
		return
	}
	var zero T
	v, r.buf[r.head] = r.buf[r.head], zero
	r.head = (r.head + 1) % len(r.buf)
	r.count--
	return
}

type MovingAverage struct {
	window [4]float64
	n, pos int
}

func (m *MovingAverage) Add(v float64) (avg float64) {
	m.window[m.pos] = v
	m.pos = (m.pos + 1) % len(m.window)
	if m.n < len(m.window) {
		m.n++
	}
	for _, x := range m.window[:m.n] {
		avg += x
	}
	return avg / float64(m.n)
}

func josephus(n, k int) (order []int) {
	r := ring.New(n)
	for i := 1; i <= n; i++ {
		r.Value = i
		r = r.Next()
	}
	r = r.Prev()
	for r.Len() > 1 {
		r = r.Move(k - 1)
		order = append(order, r.Unlink(1).Value.(int))
	}
	return append(order, r.Value.(int))
}

func main() {
	r := New[string](3)
	for _, s := range []string{"a", "b", "c", "d"} {
		if err := r.Push(s); err != nil {
			fmt.Println(s, err, err == ErrFull)
		}
	}
	v, _ := r.Pop()
	fmt.Println(v, r.Push("e"), r.buf, r.count)
	for {
		v, err := r.Pop()
		if err != nil {
			fmt.Printf("%q %v\n", v, err)
			break
		}
		fmt.Print(v, " ")
	}
	type pt struct{ x, y int }
	pts := New[pt](2)
	p := pt{1, 2}
	pts.Push(p)
	p.x = 100
	got, err := pts.Pop()
	fmt.Println(got, err, pts.buf)
	var m MovingAverage
	for _, v := range []float64{10, 20, 30, 40, 50, 61} {
		fmt.Printf("%.2f ", m.Add(v))
	}
	fmt.Println(m)
	fmt.Println(josephus(7, 3))
	ro := ring.New(3)
	n := ro.Len()
	for i := 0; i < n; i++ {
		ro.Value = i * i
		ro = ro.Next()
	}
	ro.Do(func(v any) { fmt.Print(v, " ") })
	fmt.Println(n)
}
