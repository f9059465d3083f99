package main

import (
	"fmt"
	"slices"
	"strings"
)

// Several results
func results() {
	// >
	split := func(n int) (int, int) { return n / 10, n % 10 }
	tens, ones := split(42)
	fmt.Println(tens, ones)
	// <
}

// Any number of arguments
func variadic() {
	// >
	sum := func(numbers ...int) int {
		total := 0
		for _, n := range numbers {
			total += n
		}
		return total
	}
	fmt.Println(sum(1, 2, 3), sum([]int{4, 5}...))
	// <
}

// >
type account struct {
	owner   string
	balance int
}

func (a *account) deposit(n int) { a.balance += n }

// <

// A struct with methods
func methods() {
	// >
	a := &account{owner: "Ann"}
	a.deposit(5)
	fmt.Println(a.owner, a.balance)
	// <
}

// >
type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

// <

// An interface: in Python, a protocol; any class with these methods implements it.
func interfaces() {
	// >
	var s shape = square{3}
	fmt.Println(s.area())
	// <
}

// Switch on the type
func typeSwitch() {
	// >
	for _, v := range []any{1, "one", nil} {
		switch x := v.(type) {
		case int:
			fmt.Println("an int", x)
		case string:
			fmt.Println("a text", x)
		default:
			fmt.Println("something else")
		}
	}
	// <
}

// Switch on a value
func switching() {
	// >
	day := "Sun"
	switch day {
	case "Sat", "Sun":
		fmt.Println("weekend")
	default:
		fmt.Println("weekday")
	}
	// <
}

// Maps
func maps() {
	// >
	ages := map[string]int{"Ann": 31}
	ages["Bob"] = 27
	age, ok := ages["Eve"]
	fmt.Println(len(ages), age, ok)
	delete(ages, "Bob")
	// <
}

// Slices
func slicing() {
	// >
	numbers := []int{3, 1, 2}
	numbers = append(numbers, 5, 4)
	slices.Sort(numbers)
	fmt.Println(numbers[1:3][0], len(numbers))
	// <
}

// Make a slice of a length
func makeSlice() {
	// >
	counts := make([]int, 3)
	counts[1]++
	fmt.Println(counts[0], counts[1])
	// <
}

// Loops
func loops() {
	// >
	for i := range 2 {
		fmt.Println(i)
	}
	for i := 10; i > 0; i /= 3 {
		fmt.Println(i)
	}
	for i, name := range []string{"Ann", "Bob"} {
		fmt.Println(i, name)
	}
	// <
}

// Leave two loops
func labels() {
	// >
outer:
	for x := range 5 {
		for y := range 5 {
			if x*y == 6 {
				fmt.Println(x, y)
				break outer
			}
		}
	}
	// <
}

// >
type color int

const (
	red color = iota
	green
)

// <

// Enumerated constants
func constants() {
	// >
	fmt.Println(int(red), int(green))
	// <
}

// A closure: Python declares an outer variable that it assigns as nonlocal.
func closures() {
	// >
	counter := func() func() int {
		n := 0
		return func() int {
			n++
			return n
		}
	}
	next := counter()
	next()
	fmt.Println(next())
	// <
}

// >
func largest[T int | float64 | string](values ...T) T {
	return slices.Max(values)
}

// <

// Type parameters
func generic() {
	// >
	fmt.Println(largest(1, 3, 2), largest("a", "b"))
	// <
}

// Strings
func texts() {
	// >
	text := "go with  the flow"
	words := strings.Fields(text)
	fmt.Println(strings.Join(words, "-"), len(words))
	fmt.Printf("%s has %05.1f and %3d\n", "Ann", 3.14159, 42)
	// <
}

func main() {
	results()
	variadic()
	methods()
	interfaces()
	typeSwitch()
	switching()
	maps()
	slicing()
	makeSlice()
	loops()
	labels()
	constants()
	closures()
	generic()
	texts()
}
