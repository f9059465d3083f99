package main

import (
	"container/heap"
	"fmt"
	"strings"
	"time"
)

type job struct {
	name     string
	at       time.Duration
	interval time.Duration
	left     int
	run      func(now time.Duration) bool
}

type agenda []*job

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	if a[i].at == a[j].at {
		return a[i].name < a[j].name
	}
	return a[i].at < a[j].at
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(*job)) }
func (a *agenda) Pop() any {
	n := len(*a) - 1
	j := (*a)[n]
	(*a)[n] = nil
	*a = (*a)[:n]
	return j
}

type Simulator struct {
	now    time.Duration
	agenda agenda
	trace  strings.Builder
}

func (s *Simulator) Every(name string, interval time.Duration, times int, run func(time.Duration) bool) {
	heap.Push(&s.agenda, &job{name, s.now + interval, interval, times, run})
}

func (s *Simulator) Run(until time.Duration) (steps int) {
	for s.agenda.Len() > 0 && s.agenda[0].at <= until {
		j := heap.Pop(&s.agenda).(*job)
		s.now = j.at
		fmt.Fprintf(&s.trace, "%v %s\n", s.now, j.name)
		steps++
		if j.left--; j.run(s.now) && j.left != 0 {
			j.at += j.interval
			heap.Push(&s.agenda, j)
		}
	}
	return
}

type account struct {
	balance float64
	rate    float64
}

func (a *account) tick(time.Duration) bool {
	a.balance *= 1 + a.rate
	return a.balance < 110
}

func main() {
	var s Simulator
	acc := &account{100, 0.03}
	s.Every("interest", 400*time.Millisecond, -1, acc.tick)
	s.Every("beat", 500*time.Millisecond, 3, func(now time.Duration) bool { return true })
	s.Every("spawn", time.Second, 1, func(now time.Duration) bool {
		s.Every(fmt.Sprintf("child@%.1f", now.Seconds()), 250*time.Millisecond, 2, func(time.Duration) bool { return true })
		return true
	})
	fmt.Println(s.Run(1300*time.Millisecond), s.now, len(s.agenda))
	fmt.Println(s.Run(time.Minute), s.now, len(s.agenda))
	fmt.Print(s.trace.String())
	fmt.Printf("%.4f\n", acc.balance)
}
