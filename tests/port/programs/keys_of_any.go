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
}
