package main

import (
	"fmt"
	"strings"
	"sync"
)

// LeetCode 1114 and 1115: first, second and third are called in any order and print in order.

type Foo struct {
	secondReady chan struct{}
	thirdReady  chan struct{}
}

func NewFoo() *Foo {
	return &Foo{
		secondReady: make(chan struct{}),
		thirdReady:  make(chan struct{}),
	}
}

func (f *Foo) First(print func())  { print(); close(f.secondReady) }
func (f *Foo) Second(print func()) { <-f.secondReady; print(); close(f.thirdReady) }
func (f *Foo) Third(print func())  { <-f.thirdReady; print() }

func run(order []int) string {
	var sb strings.Builder
	foo := NewFoo()
	calls := map[int]func(){
		1: func() { foo.First(func() { sb.WriteString("first") }) },
		2: func() { foo.Second(func() { sb.WriteString("second") }) },
		3: func() { foo.Third(func() { sb.WriteString("third") }) },
	}
	var wg sync.WaitGroup
	for _, k := range order {
		wg.Add(1)
		go func() {
			defer wg.Done()
			calls[k]()
		}()
	}
	wg.Wait()
	return sb.String()
}

func main() {
	orders := [][]int{{1, 2, 3}, {3, 2, 1}, {2, 3, 1}, {1, 3, 2}}
	for _, order := range orders {
		fmt.Println(order, run(order))
	}
}
