package main

import "fmt"

func heedless(yield func(int) bool) {
	for i := range 4 {
		yield(i)
	}
}

func discards(yield func(string, int) bool) {
	_ = yield("a", 1)
	_ = yield("b", 2)
}

type tree struct {
	left, right *tree
	v           int
}

func (t *tree) walk(yield func(int) bool) bool {
	if t == nil {
		return true
	}
	t.left.walk(yield)
	return yield(t.v) && t.right.walk(yield)
}

func (t *tree) all(yield func(int) bool) { t.walk(yield) }

func try(name string, f func() int) {
	defer func() { fmt.Println(name, recover()) }()
	fmt.Print(f(), " ")
}

func main() {
	t := &tree{&tree{v: 1}, &tree{&tree{v: 3}, nil, 4}, 2}
	try("all", func() (sum int) {
		for v := range heedless {
			sum += v
		}
		for _, n := range discards {
			sum += n
		}
		return sum
	})
	try("break", func() (sum int) {
		for v := range heedless {
			if sum += v; v == 2 {
				break
			}
		}
		return sum
	})
	try("return", func() int {
		for k, v := range discards {
			return len(k) + v
		}
		return 0
	})
	try("last", func() (sum int) {
		for v := range heedless {
			if sum += v; v == 3 {
				break
			}
		}
		return sum
	})
	try("outer", func() (sum int) {
	outer:
		for v := range heedless {
			for w := range heedless {
				if sum += v * w; v == 1 {
					continue outer
				}
			}
		}
		return sum
	})
	for _, stop := range []int{4, 1} {
		try("tree", func() (sum int) {
			for v := range t.all {
				if sum += v; v == stop {
					break
				}
			}
			return sum
		})
	}
	sum := 0
	heedless(func(v int) bool { sum += v; return false })
	fmt.Println(sum)
}
