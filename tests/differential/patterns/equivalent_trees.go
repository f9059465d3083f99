//go:build ignore

// Are two trees of different shape the same in order?  Each is walked by a goroutine of its own.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

type tree struct {
	left  *tree
	value int
	right *tree
}

func (t *tree) insert(v int) *tree {
	if t == nil {
		return &tree{value: v}
	}
	if v < t.value {
		t.left = t.left.insert(v)
	} else {
		t.right = t.right.insert(v)
	}
	return t
}

func grow(values ...int) *tree {
	var t *tree
	for _, v := range values {
		t = t.insert(v)
	}
	return t
}

func walk(wg *sync.WaitGroup, name string, t *tree, quit <-chan bool) <-chan int {
	values := make(chan int)
	var visit func(*tree) bool
	visit = func(t *tree) bool {
		if t == nil {
			return true
		}
		if !visit(t.left) {
			return false
		}
		select {
		case values <- t.value:
		case <-quit:
			say(name, "is told to stop at", t.value)
			return false
		}
		return visit(t.right)
	}
	wg.Go(func() {
		defer close(values)
		say(name, "is walked to the end:", visit(t))
	})
	return values
}

func same(a, b *tree) bool {
	var wg sync.WaitGroup
	quit := make(chan bool)
	left, right := walk(&wg, "left", a, quit), walk(&wg, "right", b, quit)
	defer wg.Wait()
	defer close(quit)
	for {
		v, more := <-left
		w, wanted := <-right
		if v != w || more != wanted {
			say("differ:", v, more, w, wanted)
			return false
		}
		if !more {
			return true
		}
		say("both have", v)
	}
}

// A walk of which every node is a goroutine.
func parallel(t *tree) []int {
	if t == nil {
		return nil
	}
	left, right := make(chan []int), make(chan []int)
	go func() { left <- parallel(t.left) }()
	go func() { right <- parallel(t.right) }()
	values := append(append(<-left, t.value), <-right...)
	say("below", t.value, values)
	return values
}

func main() {
	defer out.Flush()
	one, two := grow(1, 1, 2, 3, 5, 8, 13), grow(8, 3, 1, 1, 2, 5, 13)
	say(same(one, two))
	say(same(one, grow(8, 3, 1, 1, 2, 5, 14)))
	say(same(one, grow(5, 2, 8)))
	say(same(grow(1, 1), one))
	say(same(nil, nil), same(nil, one))
	say(parallel(two))
}
