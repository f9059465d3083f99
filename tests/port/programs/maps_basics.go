package main

import (
	"fmt"
	"maps"
	"slices"
	"sort"
)

type Point struct{ X, Y int }

func main() {
	m := make(map[string]int)
	m["k1"] = 7
	m["k2"] = 13
	fmt.Println("map:", m)
	v1 := m["k1"]
	v3 := m["k3"]
	fmt.Println(v1, v3, len(m))
	delete(m, "k2")
	_, prs := m["k2"]
	fmt.Println("prs:", prs, m)
	clear(m)
	fmt.Println(m)
	n := map[string]int{"foo": 1, "bar": 2}
	n2 := map[string]int{"bar": 2, "foo": 1}
	fmt.Println(maps.Equal(n, n2), n)

	// counting, grouping, sets, nested maps
	counts := map[rune]int{}
	for _, r := range "hello, wörld" {
		counts[r]++
	}
	keys := make([]rune, 0, len(counts))
	for r := range counts {
		keys = append(keys, r)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	for _, r := range keys {
		fmt.Printf("%c=%d ", r, counts[r])
	}
	fmt.Println()
	groups := map[int][]string{}
	for _, w := range []string{"a", "bb", "cc", "d", "eee"} {
		groups[len(w)] = append(groups[len(w)], w)
	}
	fmt.Println(groups)
	set := map[Point]struct{}{}
	set[Point{1, 2}] = struct{}{}
	set[Point{1, 2}] = struct{}{}
	set[Point{Y: 2}] = struct{}{}
	_, in := set[Point{1, 2}]
	fmt.Println(len(set), in, set)
	nested := map[string]map[string]float64{"eu": {"de": 1.5}}
	nested["us"] = map[string]float64{}
	nested["us"]["ca"] += 2
	fmt.Println(nested, nested["asia"]["jp"])
	pts := map[string]*Point{"a": {1, 1}}
	pts["a"].X++
	fmt.Println(*pts["a"], pts["b"] == nil)
	structs := map[string]Point{"a": {1, 1}}
	p := structs["a"]
	p.X = 50
	fmt.Println(structs, p)

	var nilMap map[string]bool
	fmt.Println(nilMap == nil, nilMap["x"], len(nilMap))
	delete(nilMap, "x")
	if v, ok := nilMap["y"]; !ok {
		fmt.Println("not there", v)
	}
	any := map[interface{}]string{1: "int", "1": "string", 1.0: "float", true: "bool", Point{}: "point", int8(1): "int8"}
	fmt.Println(len(any), any[1], any["1"], any[1.0], any[true], any[Point{0, 0}], any[int8(1)], any[int16(1)] == "")
	alias := n
	alias["new"] = 3
	fmt.Println(len(n), slices.Sorted(maps.Keys(n)))
	for k := range n {
		delete(n, k)
	}
	fmt.Println(len(alias))
	funcs := map[string]func(float64, float64) float64{
		"+": func(a, b float64) float64 { return a + b },
		"/": func(a, b float64) float64 { return a / b },
	}
	fmt.Println(funcs["+"](1, 2), funcs["/"](1, 0), funcs["-"] == nil)
	nilMap["boom"] = true
}
