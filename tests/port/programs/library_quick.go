// Package testing/quick: the arguments, and what it says of those that are wrong.
package main

import (
	"errors"
	"fmt"
	"math/rand"
	"reflect"
	"slices"
	"sort"
	"testing/quick"
)

type point struct {
	X, Y int16
	Tags []string
}

type grade byte

func (grade) Generate(r *rand.Rand, size int) reflect.Value {
	return reflect.ValueOf(grade('A' + r.Intn(6)))
}

type level int8

type words map[string]level

func seeded(n int) *quick.Config {
	return &quick.Config{MaxCount: n, Rand: rand.New(rand.NewSource(11))}
}

func swap(a, b int32) (int32, int32) { return b, a }

func keep(a, b int32) (int32, int32) { return a, b }

type span struct{ From, To int8 }

func turned(s span) int8 {
	s.From, s.To = s.To, s.From
	return s.From
}

func main() {
	fmt.Println(quick.Check(func(a, b int) bool { return a+b == b+a }, nil))
	total := 0
	err := quick.Check(func(a int8, b uint16, c bool, f float32, g float64) bool {
		total += int(a) + int(b)
		fmt.Println(a, b, c, f, g)
		return total < 20000
	}, seeded(10))
	var wrong *quick.CheckError
	fmt.Println(errors.As(err, &wrong), err)
	if wrong != nil {
		fmt.Println(wrong.Count, len(wrong.In), wrong.In[0])
	}
	fmt.Println(quick.Check(func(xs []int64, s string) bool {
		sorted := slices.Clone(xs)
		sort.Slice(sorted, func(i, j int) bool { return sorted[i] < sorted[j] })
		fmt.Println(len(xs), slices.IsSorted(sorted), len(s), []rune(s))
		return len(xs) < 40
	}, seeded(4)))
	fmt.Println(quick.Check(func(p point, q *point, a [2]uint8) bool {
		fmt.Println(p.X, p.Y, len(p.Tags), q == nil, a)
		return true
	}, seeded(3)))
	fmt.Println(quick.Check(func(g grade) bool {
		fmt.Print(string(rune(g)), " ")
		return g != 'F'
	}, seeded(30)))
	fmt.Println(quick.Check(func(m map[int8]bool, w words, l level) bool {
		fmt.Println(len(m), len(w), l)
		return true
	}, seeded(2)))
	err = quick.CheckEqual(swap, keep, seeded(3))
	var unequal *quick.CheckEqualError
	fmt.Println(err, errors.As(err, &wrong), errors.As(err, &unequal))
	if unequal != nil {
		fmt.Println(unequal.Count, unequal.In[1], unequal.Out1, unequal.Out2)
	}
	fmt.Println(quick.CheckEqual(swap, swap, seeded(3)), quick.CheckEqual(swap, 1, nil))
	fmt.Println(quick.CheckEqual(turned, func(s span) int8 { return s.To }, seeded(9)))
	fmt.Println(quick.Check(1, nil), quick.Check(swap, nil), quick.Check(func(c chan int) bool { return c == nil }, nil))
	own := &quick.Config{MaxCount: 2, Values: func(args []reflect.Value, r *rand.Rand) {
		args[0] = reflect.ValueOf("fixed")
	}, Rand: rand.New(rand.NewSource(1))}
	fmt.Println(quick.Check(func(s string) bool { return s == "fixed" }, own))
	v, ok := quick.Value(reflect.TypeOf(point{}), rand.New(rand.NewSource(2)))
	fmt.Println(v.Field(0), v.Field(1), ok)
}
