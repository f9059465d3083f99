package main

import "fmt"

type K struct{ a any }

func main() {
	m := map[any]int{1.5: 1, "a": 2, true: 3, int8(4): 5}
	fmt.Println(len(m), m[1.5], m["a"], m[int8(4)], m[4])
	n := map[any]int{1.5: 1}
	fmt.Println(n)
	fmt.Println(map[any]string{nil: "x"})
	fmt.Println(map[K]int{{1.5}: 1})
	fmt.Println(map[interface{}]interface{}{"a": 1, "b": []int{1}})
	fmt.Printf("%v %+v %#v\n", n, n, n)
	for k, v := range m {
		if k == 1.5 {
			fmt.Println(k, v)
		}
	}
	var x any = m
	mm := x.(map[any]int)
	fmt.Println(len(mm))
	keys := []any{}
	for k := range n {
		keys = append(keys, k)
	}
	fmt.Println(keys...)
	delete(m, 1.5)
	delete(m, true)
	fmt.Println(len(m))
	fmt.Println(map[any]int{int8(3): 1, int8(2): 5})
	fmt.Println(map[error]int{nil: 1})
	refusals()
}

type handler func(int) int
type task struct{ f func() }
type wrap struct{ v any }

func (h handler) String() string { return "handler" }

func twice(i int) int { return 2 * i }

// refusals stores keys that can't be compared.
func refusals() {
	m := map[any]int{0: 0}
	try := func(name string, f func()) {
		defer func() { fmt.Println(name, recover()) }()
		f()
	}
	try("named", func() { m[handler(func(i int) int { return i })] = 1 })
	try("literal", func() { m[func() {}] = 1 })
	try("declared", func() { m[refusals]++ })
	try("struct", func() { m[task{}] = 1 })
	try("slice", func() { m[[]int{1}] = 1 })
	try("map", func() { fmt.Println(m[map[string]int{}]) })
	try("inner", func() { m[wrap{[]int{1}}] = 1 })
	try("inner func", func() { m[wrap{func() {}}] = 1 })
	try("inner struct", func() { m[wrap{task{}}] = 1 })
	try("array", func() { m[[1]any{func() {}}] = 1 })
	try("delete", func() { delete(m, any(handler(twice))) })
	s := map[fmt.Stringer]bool{nil: true}
	try("interface", func() { s[handler(twice)] = true })
	try("fine", func() { m[&task{}] = 1; m[wrap{1}] = 2; m[[1]any{"x"}] = 3 })
	fmt.Println(len(m), len(s))
}
