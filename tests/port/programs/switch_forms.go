package main

import (
	"fmt"
	"time"
)

type Shape interface{ Area() float64 }
type Square struct{ side float64 }
type Circle struct{ r float64 }

func (s Square) Area() float64  { return s.side * s.side }
func (c *Circle) Area() float64 { return 3 * c.r * c.r }

func whatAmI(i interface{}) string {
	switch t := i.(type) {
	case nil:
		return "nil"
	case bool:
		return fmt.Sprintf("bool %t", t)
	case int, int64:
		return fmt.Sprintf("integer %d of %T", t, t)
	case uint8:
		return fmt.Sprintf("a byte %d", t+100)
	case float64:
		return fmt.Sprintf("float64 %g", t/2)
	case string:
		return "string of " + fmt.Sprint(len(t))
	case []int:
		return fmt.Sprint("slice ", len(t), cap(t[:0]))
	case map[string]int:
		return fmt.Sprint("map ", t["a"])
	case func() int:
		return fmt.Sprint("func ", t())
	case error:
		return "error " + t.Error()
	case Square:
		return fmt.Sprint("square ", t.side)
	case Shape:
		return fmt.Sprint("some shape ", t.Area())
	case time.Duration:
		return "duration " + t.String()
	case *int:
		return fmt.Sprint("pointer to ", *t)
	default:
		return fmt.Sprintf("don't know type %T", t)
	}
}

func grade(score int) (g string) {
	switch {
	case score >= 90:
		g = "A"
	case score >= 80:
		g = "B"
		if score == 85 {
			break
		}
		g += "-"
	default:
		g = "F"
	case score >= 70:
		g = "C"
	}
	return
}

func main() {
	x := 5
	for _, v := range []interface{}{nil, true, 1, int64(2), uint8(200), 2.5, "four", []int{1, 2}, map[string]int{"a": 9},
		func() int { return x }, fmt.Errorf("oops"), Square{2}, &Circle{1}, &x, 'r', struct{}{}, [2]bool{}, 3 * time.Second} {
		fmt.Println(whatAmI(v))
	}
	for _, s := range []int{95, 85, 82, 75, 10} {
		fmt.Print(grade(s), " ")
	}
	fmt.Println()
	switch x {
	case 1, 2, 3:
		fmt.Println("small")
	case 4, 5:
		fmt.Println("medium")
		fallthrough
	case 6:
		fmt.Println("fell into six")
		fallthrough
	default:
		fmt.Println("and into default")
	case 7:
		fmt.Println("not here")
	}
	switch c := "héllo"[1]; {
	case 'a' <= c && c <= 'z':
		fmt.Println("ascii")
	case c > 127:
		fmt.Println("not ascii", c)
	}
	calls := 0
	f := func(n int) int { calls++; return n }
	switch f(2) {
	case f(1), f(2), f(3):
		fmt.Println("calls:", calls)
	}
	switch y := x * 2; y {
	}
	switch time.Month(5) {
	case time.May:
		fmt.Println(time.May, time.Saturday)
	}
}
