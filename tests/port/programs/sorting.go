package main

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"
)

type Person struct {
	Name string
	Age  int
}

type byLength []string

func (s byLength) Len() int           { return len(s) }
func (s byLength) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s byLength) Less(i, j int) bool { return len(s[i]) < len(s[j]) }

type ByAge []Person

func (a ByAge) Len() int           { return len(a) }
func (a ByAge) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a ByAge) Less(i, j int) bool { return a[i].Age < a[j].Age }

func main() {
	strs := []string{"c", "a", "b"}
	slices.Sort(strs)
	ints := []int{7, 2, 4}
	sort.Ints(ints)
	fmt.Println(strs, ints, slices.IsSorted(ints))
	fruits := []string{"peach", "banana", "kiwi"}
	slices.SortFunc(fruits, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	fmt.Println(fruits)
	sort.Sort(byLength(fruits))
	fmt.Println(fruits)
	sort.Sort(sort.Reverse(sort.StringSlice(fruits)))
	fmt.Println(fruits)
	people := []Person{{"Jax", 37}, {"TJ", 25}, {"Alex", 72}, {"Bea", 25}}
	sort.Stable(ByAge(people))
	fmt.Println(people)
	slices.SortFunc(people, func(a, b Person) int {
		return cmp.Or(-cmp.Compare(a.Age, b.Age), strings.Compare(a.Name, b.Name))
	})
	fmt.Println(people)
	sort.SliceStable(people, func(i, j int) bool { return people[i].Name[0] < people[j].Name[0] })
	fmt.Println(people)
	sorted := append([]Person(nil), people...)
	sort.Slice(sorted, func(i, j int) bool {
		return sorted[i].Age > sorted[j].Age || sorted[i].Age == sorted[j].Age && sorted[i].Name < sorted[j].Name
	})
	fmt.Println(sorted[0], people[0])
	i := sort.Search(100, func(i int) bool { return i*i >= 50 })
	j := sort.SearchStrings(strs, "b")
	fmt.Println(i, j)
	idx, ok := slices.BinarySearchFunc(sorted, 37, func(p Person, age int) int { return age - p.Age })
	fmt.Println(idx, ok)
	oldest := slices.MaxFunc(people, func(a, b Person) int { return a.Age - b.Age })
	fmt.Println(oldest.Name)
	fl := []float64{2.5, -1, 0}
	sort.Float64s(fl)
	fmt.Println(fl, sort.SliceIsSorted(fl, func(i, j int) bool { return fl[i] < fl[j] }))
	uniq := slices.Compact([]int{1, 1, 2, 3, 3, 3, 1})
	fmt.Println(uniq, slices.Insert([]int{1, 4}, 1, 2, 3), slices.Delete([]int{0, 1, 2, 3}, 1, 3))
	fmt.Println(slices.IndexFunc(ints, func(n int) bool { return n > 3 }), slices.ContainsFunc(ints, func(n int) bool { return n < 0 }), slices.Compare([]int{1, 2}, []int{1, 3}))
	m := map[string]int{"x": 3, "y": 1, "z": 2}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return m[keys[i]] > m[keys[j]] })
	fmt.Println(keys)
}
