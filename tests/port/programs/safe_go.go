package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
)

func SafeGo(wg *sync.WaitGroup, name string, report func(error), f func()) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() {
			if r := recover(); r != nil {
				switch e := r.(type) {
				case runtime.Error:
					report(fmt.Errorf("%s: runtime error caught: %w", name, e))
				case error:
					report(fmt.Errorf("%s: error: %w", name, e))
				default:
					report(fmt.Errorf("%s: panic: %v", name, r))
				}
			}
		}()
		f()
	}()
}

type point struct{ x, y int }

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	found := map[string]error{}
	report := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		name, _, _ := strings.Cut(err.Error(), ":")
		found[name] = err
	}
	var p *point
	var m map[string]int
	var any interface{} = "text"
	zero, nums := 0, []int{1, 2, 3}
	closed := make(chan int)
	close(closed)
	sentinel := errors.New("custom failure")

	cases := []struct {
		name string
		f    func()
	}{
		{"index", func() { fmt.Println(nums[len(nums)+2]) }},
		{"slice", func() { fmt.Println(nums[3:zero]) }},
		{"divide", func() { fmt.Println(10 / zero) }},
		{"nil pointer", func() { fmt.Println(p.x) }},
		{"nil map", func() { m["a"] = 1 }},
		{"assertion", func() { fmt.Println(any.(int)) }},
		{"stringer", func() { fmt.Println(any.(fmt.Stringer)) }},
		{"closed", func() { closed <- 1 }},
		{"closed twice", func() { close(closed) }},
		{"own error", func() { panic(sentinel) }},
		{"value", func() { panic(point{1, 2}) }},
		{"fine", func() { _ = m["a"] }},
		{"negative", func() { _ = make([]int, zero-1) }},
	}
	for _, c := range cases {
		SafeGo(&wg, c.name, report, c.f)
	}
	wg.Wait()
	for _, c := range cases {
		if err, ok := found[c.name]; ok {
			fmt.Println(err, "| sentinel:", errors.Is(err, sentinel))
		} else {
			fmt.Println(c.name + ": no panic")
		}
	}
	if len(found) != len(cases)-1 {
		os.Exit(1)
	}
}
