// Lists that are sorted by functions, with pointers into them, and indexes that wrap around.
package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

type item struct {
	name string
	n    int
}

func at(xs []int, k int) (v int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return xs[len(xs)+k], nil
}

func around(xs []string, k int) string {
	return xs[k%len(xs)]
}

func main() {
	items := []item{{"c", 3}, {"a", 1}, {"b", 2}, {"d", 1}}
	second := &items[1]
	sort.Slice(items, func(i, j int) bool { return items[i].n > items[j].n })
	second.name = "second"
	fmt.Println(items, *second)
	slices.SortFunc(items, func(a, b item) int { return strings.Compare(a.name, b.name) })
	fmt.Println(items, *second)

	words := []string{"ccc", "a", "bb", "dd"}
	sort.SliceStable(words, func(i, j int) bool { return len(words[i]) < len(words[j]) })
	fmt.Println(words, sort.SliceIsSorted(words, func(i, j int) bool { return words[i] < words[j] }))
	counts := map[string]int{"x": 2, "y": 5, "z": 1}
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return counts[keys[i]] > counts[keys[j]] })
	keys = append(keys, "end")
	fmt.Println(keys, around(keys, 5), around(keys, 7))
	fmt.Println(at([]int{1, 2, 3}, -1))
	fmt.Println(at([]int{1, 2, 3}, 2))

	early := 0
	show := func() { fmt.Println("early", early) }
	for i := range 3 {
		early += i
	}
	show()
	late := 0
	for i := range 4 {
		late += i
	}
	func() { late++ }()
	fmt.Println(late)
}
