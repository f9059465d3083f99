// Ranges over integers of named types: the variable has the type, too.
package main

import (
	"fmt"
	"time"
)

type bare int8

type level int

func (l level) String() string { return fmt.Sprintf("level %d", int(l)) }

func ranges() {
	for i := range level(2) {
		fmt.Println(i, i+1)
	}
	for i := range bare(2) {
		fmt.Println(i)
	}
	for range level(2) {
		fmt.Println("x")
	}
	for i := range time.Duration(2) {
		fmt.Println(i)
	}
	var m time.Month
	for m = range time.Month(3) {
		fmt.Println(m)
	}
	const c = 3
	var w time.Weekday = c
	fmt.Println(w, m, time.Date(2020, c, c, 0, 0, 0, 0, time.UTC).Month())
	var a any
	for i := range level(1) {
		a = i
	}
	fmt.Printf("%T %v\n", a, a)
	for i := range bare(1) {
		a = i
	}
	fmt.Printf("%T %v\n", a, a)
}

func main() {
	ranges()
	var xs []level
	for i := range level(3) {
		xs = append(xs, i)
	}
	fmt.Println(xs)
	var ds []time.Duration
	for i := range time.Duration(3) {
		ds = append(ds, i)
	}
	fmt.Println(ds)
	var sum time.Duration
	for i := range time.Duration(3) {
		sum += i
	}
	fmt.Println(sum)
	ys := make([]time.Duration, 3)
	for i := range ys {
		ys[i] = time.Duration(i)
	}
	fmt.Println(ys)
	zs := make([]level, level(3))
	for i := range level(3) {
		zs[i] = i
	}
	fmt.Println(zs, zs[1])
	var total level
	for _, x := range xs {
		total += x
	}
	fmt.Println(total)
	for i := level(0); i < 3; i++ {
		fmt.Println(i)
	}
	for i := time.Duration(3); i > 0; i-- {
		fmt.Println(i)
	}
	var dd time.Duration
	for _, d := range ds {
		dd += d
	}
	fmt.Println(dd)
}
