package main

import "fmt"

type Log struct{ lines []any }

func (l *Log) Add(name string, values ...any) int {
	l.lines = append(l.lines, values)
	return len(values)
}

func two() (int, string)          { fmt.Print("two "); return 1, "b" }
func named() (string, int, error) { return "n", 2, nil }
func only() string                { return "only" }
func pair() (string, string)      { return "f", "x" }
func ints() (int, int, int)       { return 1, 2, 3 }

// These keep or change their slice, so that they are given one.
func keep(values ...any) {
	kept = values
	values[0] = 9
}

func sum(numbers ...int) (total int) {
	for _, n := range numbers {
		total += n
	}
	numbers[0] = 100
	sums = append(sums, numbers)
	return
}

func rest(first string, others ...string) {
	fmt.Println(first, others == nil, len(others))
	strings = others
}

func first[T any](values ...T) []T { return values[:1] }

var (
	kept    []any
	sums    [][]int
	strings []string
	total   = sum(ints())
	literal = func(values ...any) []any { return values[1:] }
)

func main() {
	keep(two())
	fmt.Println(kept, total)
	fmt.Println(sum(ints()), sums)
	log := &Log{}
	fmt.Println(log.Add(named()), log.lines)
	rest(pair())
	rest(only())
	fmt.Println(cap(first(ints())), literal(named()))
	f := keep
	f(two())
	for i := 0; sum(ints()) == 6 && i < 2; i++ {
		fmt.Print(i, " ")
	}
	func(n int, others ...int) {
		others[0]++
		sums = append(sums, others)
	}(ints())
	fmt.Println(sums)
	defer keep(two())
	go keep(two())
}
