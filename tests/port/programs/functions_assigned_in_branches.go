package main

import "fmt"

func maybe(n int) string {
	var f func(int) string
	if n > 2 {
		f = func(k int) string { return fmt.Sprint("big", k) }
	}
	if f != nil {
		return f(n)
	}
	return "none"
}

func loop() {
	var g func()
	for n := 0; n < 3; n++ {
		if g == nil {
			g = func() { fmt.Println("made at", n) }
		}
	}
	g()
	for i := range 2 {
		var h func() int
		fmt.Print(h == nil, " ")
		h = func() int { return i }
		fmt.Println(h())
	}
}

func sw(k string) (r int) {
	var op func(a, b int) int
	switch k {
	case "+":
		op = func(a, b int) int { return a + b }
	}
	if op == nil {
		return -1
	}
	return op(1, 2)
}

func mutual(n int) bool {
	var odd func(int) bool
	even := func(n int) bool { return n == 0 || odd(n-1) }
	odd = func(n int) bool { return n != 0 && even(n-1) }
	return even(n)
}

func early() (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	var f func() int
	g := func() int { return f() }
	g()
	f = func() int { return 1 }
	return "no"
}

func deferred() {
	var cleanup func()
	defer func() {
		if cleanup != nil {
			cleanup()
		}
	}()
	if len("x") == 1 {
		fmt.Println("before")
		return
	}
	cleanup = func() { fmt.Println("cleanup") }
}

func fact(n int) int {
	var fact func(int) int
	fact = func(n int) int {
		if n < 2 {
			return 1
		}
		return n * fact(n-1)
	}
	return fact(n)
}

func main() {
	fmt.Println(maybe(1), maybe(3), sw("+"), sw("-"), mutual(7), early(), fact(5))
	loop()
	deferred()
}
