package main

import "fmt"

type P struct{ x, y int }

func main() {
	m := map[[2][2]int]string{}
	k := [2][2]int{{1, 2}, {3, 4}}
	m[k] = "a"
	k[0][0] = 9
	m[k] = "b"
	fmt.Println(len(m), m[k], m[[2][2]int{{1, 2}, {3, 4}}])
	for k := range m {
		k[0][0] = 100
	}
	fmt.Println(m)
	a := map[[2]any]int{{1, "a"}: 1, {1.0, "a"}: 2}
	fmt.Println(a[[2]any{1, "a"}], a[[2]any{1.0, "a"}], len(a))
	delete(a, [2]any{1, "a"})
	fmt.Println(len(a))
	s := map[[2]P]int{{{1, 2}, {3, 4}}: 5}
	fmt.Println(s[[2]P{{1, 2}, {3, 4}}], s)
	e := map[[2]string]int{{"a", "b"}: 1}
	e[[2]string{"a", "b"}]++
	fmt.Println(e)
	_, ok := m[[2][2]int{{9, 2}, {3, 4}}]
	fmt.Println(ok)
}
