package main

import (
	"fmt"
	"strings"
)

func plus(a int, b int) int            { return a + b }
func plusPlus(a, b, c int) int         { return a + b + c }
func vals() (int, int)                 { return 3, 7 }
func split(sum int) (x, y int)         { x = sum * 4 / 9; y = sum - x; return }
func apply(f func(int) int, n int) int { return f(n) }

func sum(nums ...int) int {
	total := 0
	for _, num := range nums {
		total += num
	}
	if len(nums) > 0 {
		nums[0] = -1 // a slice that was passed with ... is not copied
	}
	return total
}

func logf(prefix string, args ...interface{}) {
	fmt.Println(len(args), args == nil, prefix+":", fmt.Sprint(args...))
}

func intSeq() func() int {
	i := 0
	return func() int {
		i++
		return i
	}
}

func compose(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}

func fact(n int) int {
	if n == 0 {
		return 1
	}
	return n * fact(n-1)
}

type BinaryOp func(int, int) int

func (op BinaryOp) Fold(init int, xs ...int) int {
	for _, x := range xs {
		init = op(init, x)
	}
	return init
}

func pair() (string, error) { return "value", nil }

func main() {
	fmt.Println(plus(1, 2), plusPlus(1, 2, 3))
	a, b := vals()
	_, c := vals()
	fmt.Println(a, b, c)
	fmt.Println(split(17))
	fmt.Println(plus(vals()))
	nums := []int{1, 2, 3, 4}
	fmt.Println(sum(), sum(1, 2), sum(nums...), nums)
	logf("none")
	logf("some", 1, "two", 3.0, nil)
	logf("spread", []interface{}{1, 2}...)
	logf("nested", []int{1, 2})

	nextInt := intSeq()
	fmt.Println(nextInt(), nextInt(), nextInt(), intSeq()())

	inc := func(n int) int { return n + 1 }
	double := func(n int) int { return n * 2 }
	fmt.Println(compose(inc, double, inc)(5), apply(double, 21), compose()(3))

	var fib func(n int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	fmt.Println(fib(15), fact(20), fact(21))

	var handlers []func()
	for i := 0; i < 3; i++ {
		handlers = append(handlers, func() { fmt.Print("handler ", i, "; ") })
	}
	shared := 0
	for shared = 0; shared < 3; shared++ {
		handlers = append(handlers, func() { fmt.Print("shared ", shared, "; ") })
	}
	for _, h := range handlers {
		h()
	}
	fmt.Println()
	counter := 10
	func() {
		counter := counter * 2
		counter++
		fmt.Println("inner", counter)
	}()
	func(delta int) { counter += delta }(5)
	fmt.Println("outer", counter)
	fmt.Println(BinaryOp(plus).Fold(0, 1, 2, 3), BinaryOp(func(a, b int) int { return a * b }).Fold(1, 2, 3, 4))
	fmt.Println(strings.Map(func(r rune) rune {
		if r == 'a' {
			return -1
		}
		return r + 1
	}, "banana"))
	fmt.Println(pair())
	if s, err := pair(); err == nil {
		fmt.Println(s)
	}
	var nilFunc func()
	fmt.Println(nilFunc == nil)
	defer func() { fmt.Println("recovered:", recover()) }()
	nilFunc()
}
