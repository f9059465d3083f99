package main

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
)

func upTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println("  iterator ends")
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func pairs(words ...string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i, w := range words {
			if !yield(i, w) {
				return
			}
		}
	}
}

// What the loop defers runs when the function ends, between what is deferred before and after.
func order() {
	defer fmt.Println("before")
	for i := range upTo(3) {
		defer fmt.Println("inside", i)
	}
	defer fmt.Println("after")
	fmt.Println("body ends")
}

func early(n int) string {
	for i := range upTo(10) {
		defer func() { fmt.Println("deferred", i) }()
		if i == n {
			return fmt.Sprint("found ", i)
		}
	}
	return "none"
}

func nested() {
	for i, w := range pairs("a", "b") {
		for j := range upTo(2) {
			defer func(n int) { fmt.Println(w, i, j, n) }(10*i + j)
		}
	}
	fmt.Println("nested ends")
}

func named() (sum int, err error) {
	for i := range upTo(4) {
		defer func() { sum += i }()
	}
	return 100, nil
}

func recovering() (err error) {
	for i := range upTo(5) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("iteration %d: %v", i, r)
			}
		}()
		if i == 2 {
			panic("boom")
		}
	}
	return nil
}

func panicsAgain() (err error) {
	defer func() {
		err = errors.Join(err, fmt.Errorf("outer: %v", recover()))
	}()
	for i := range upTo(2) {
		defer func() {
			fmt.Println("recovered", recover())
			panic(fmt.Sprint("again ", i))
		}()
	}
	panic("first")
}

type file struct{ name string }

func (f *file) Close() error {
	fmt.Println("close", f.name)
	return nil
}

func closeAll() {
	files := map[string]*file{"x": {"x"}, "y": {"y"}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		defer files[name].Close()
	}
	for f := range maps.Values(map[int]*file{1: {"z"}}) {
		defer f.Close()
	}
	fmt.Println("all open")
}

func inner() {
	for i := range upTo(1) {
		defer func() {
			defer fmt.Println("deferred in a deferred function", i)
			fmt.Println("deferred function")
		}()
	}
}

func inLiteral() {
	work := func(n int) {
		for i := range upTo(n) {
			defer fmt.Println("literal", i)
		}
		fmt.Println("literal ends")
	}
	work(1)
	work(2)
}

// It returns out of two loops at once.
func factors(want int) (a, b int, err error) {
	for a := range upTo(5) {
		defer fmt.Println("factor", a)
		for b := range upTo(5) {
			if a*b == want {
				return a, b, nil
			}
		}
	}
	return 0, 0, errors.New("no factors")
}

func main() {
	fmt.Println(factors(6))
	fmt.Println(factors(7))
	order()
	fmt.Println(early(1))
	fmt.Println(early(20))
	nested()
	fmt.Println(named())
	fmt.Println(recovering())
	fmt.Println(panicsAgain())
	closeAll()
	inner()
	inLiteral()
	done := make(chan bool)
	go func() {
		defer close(done)
		for i := range upTo(2) {
			defer fmt.Println("goroutine", i)
		}
	}()
	<-done
	for i := range upTo(2) {
		defer fmt.Println("main", i)
	}
}
