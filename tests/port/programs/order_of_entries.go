// Map literals whose entries call functions that change what other entries read.
package main

import "fmt"

var calls []string

func k(s string) string { calls = append(calls, "k"+s); return s }
func v(i int) int       { calls = append(calls, fmt.Sprint("v", i)); return i }

func main() {
	x := 7
	up := func() int { x++; return x }
	m := map[int]int{x: up(), up(): x}
	fmt.Println(len(m), m, x)
	type pair struct{ a, b int }
	p := map[pair]string{{x, up()}: fmt.Sprint(x), {up(), x}: "b", {1, 2}: "c"}
	fmt.Println(len(p), p, x)
	f := func() map[string]int { return map[string]int{"a": x, "b": up(), "c": x} }
	fmt.Println(f(), x)
	fmt.Println(map[string]int{k("a"): v(1), k("b"): v(2)}, calls)
	fmt.Println(map[[2]int][]int{{x, 1}: {up()}, {x, 2}: {up(), x}}, x)
}
