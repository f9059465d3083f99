package main

import "fmt"

// Expressions of struct{} that wait.

type token struct{}

type point struct{ x, y int }

type counter struct{ n int }

func (c *counter) add() { c.n++ }

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func find(name string) *token {
	if name == "a" {
		return &token{}
	}
	return nil
}

func main() {
	ch := make(chan struct{}, 4)
	for range 3 {
		ch <- struct{}{}
	}
	fmt.Println(<-ch)
	fmt.Println("left", len(ch))
	var x any = <-ch
	fmt.Println(x, len(ch))
	fmt.Println(<-ch == struct{}{}, len(ch))
	go func() { ch <- struct{}{} }()
	fmt.Printf("%v\n", <-ch)
	m := map[any]int{}
	ch <- struct{}{}
	m[<-ch]++
	fmt.Println(m, len(ch), x == any(struct{}{}))

	// What a nil pointer points to.
	try(func() {
		v := *find("a")
		fmt.Println(v)
		v = *find("b")
		fmt.Println(v, "not reached")
	})
	try(func() {
		var p *point
		fmt.Println(*p, "not reached")
	})
	try(func() {
		var p *counter
		c := *p
		c.add()
		fmt.Println(c, "not reached")
	})
}
