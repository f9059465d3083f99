package main

import (
	"fmt"
	"sync"
)

type task struct {
	name string
	run  func() string
}

func multipliers(ks ...int) (fs []func(int) int) {
	for _, k := range ks {
		fs = append(fs, func(x int) int { return k * x })
	}
	return
}

func main() {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i *= 10; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), " ", f(), " ")
	}
	fmt.Println()

	var ptrs []*int
	for i := 0; i < 3; i++ {
		ptrs = append(ptrs, &i)
		i := i * 100
		ptrs = append(ptrs, &i)
	}
	for _, p := range ptrs {
		fmt.Print(*p, " ")
	}
	fmt.Println()

	// A loop variable that its closure changes while the loop runs.
	for i := 0; i < 6; i++ {
		skip := func() { i++ }
		fmt.Print(i, " ")
		skip()
	}
	fmt.Println()

	tasks := map[string]func() string{}
	list := []task{}
	for idx, name := range []string{"a", "b", "c"} {
		calls := 0
		t := task{name: name}
		t.run = func() string {
			calls++
			return fmt.Sprintf("%s%d#%d", name, idx, calls)
		}
		tasks[name] = t.run
		list = append(list, t)
	}
	fmt.Println(tasks["b"](), tasks["b"](), list[1].run(), list[0].run())

	x := 1
	printX := func() { fmt.Print("x=", x, " ") }
	x = 2
	printX()
	{
		x := 3
		_ = x
		printX()
	}
	x++
	printX()
	fmt.Println()
	for _, f := range multipliers(2, 3, 5) {
		fmt.Print(f(7), " ")
	}
	fmt.Println()

	var wg sync.WaitGroup
	results := make([]int, 5)
	for i := range results {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results[i] = i * i
		}()
	}
	wg.Wait()
	fmt.Println(results)

	var counter struct {
		sync.Mutex
		n int
	}
	inc, get := func() { counter.Lock(); counter.n++; counter.Unlock() }, func() int { return counter.n }
	for range 10 {
		inc()
	}
	fmt.Println(get())
	var rec func(int) func() int
	rec = func(d int) func() int {
		if d == 0 {
			return func() int { return x }
		}
		return func() int { x += d; return rec(d - 1)() }
	}
	fmt.Println(rec(3)(), x)
}
