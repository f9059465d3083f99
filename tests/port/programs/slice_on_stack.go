package main

import "fmt"

func main() {
	var a []int
	for i := 0; i < 20; i++ {
		a = append(a, i)
		fmt.Print(cap(a), " ")
	}
	fmt.Println()
	var b []string
	b = append(b, "x")
	fmt.Println(len(b), cap(b))
	b = append(b, "x", "y", "z")
	fmt.Println(len(b), cap(b))
	c := []int{1, 2, 3}
	c = append(c, 4)
	fmt.Println(len(c), cap(c))
	d := make([]int, 0)
	d = append(d, 1)
	fmt.Println(len(d), cap(d))
	e := make([]byte, 0, 2)
	for i := 0; i < 70; i++ {
		e = append(e, 'a')
	}
	fmt.Println(len(e), cap(e))
	f := []byte("hello")
	fmt.Println(len(f), cap(f))
	f = append(f, " world"...)
	fmt.Println(len(f), cap(f))
	g := []rune("hello")
	fmt.Println(len(g), cap(g))
	s := "some string that is longer than 32 bytes, really"
	l := []byte(s)
	fmt.Println(len(l), cap(l))
	grow()
}

func grow() {
	s := []int{}
	prev := cap(s)
	for i := 0; i < 2000; i++ {
		s = append(s, i)
		if cap(s) != prev {
			fmt.Println(len(s), prev, cap(s))
			prev = cap(s)
		}
	}
}
