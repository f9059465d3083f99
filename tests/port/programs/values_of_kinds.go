package main

import (
	"fmt"
	"time"
)

// Quotients of the least duration, imaginary constants, verbs that are not for a value, arrays in interfaces.

type row [2]int

type box struct{ x int }

type crate struct{ x int }

func durations() {
	least, other := time.Duration(-1<<63), time.Duration(-1<<62-5)
	fmt.Println(other/least, other%least, least/3, least%7, least/-7, other/-3)
}

func values() {
	z := -3i
	const c = -4i + 2 - 2
	fmt.Println(z, c, -0.5i*2, 1-3i)
	fmt.Printf("%s %t %s %t\n", uint32(21), uint8(1), []int8{1}, []uint16{3})
	var nowhere any = (*box)(nil)
	fmt.Println([2]any{[1]int{4}, 1} == [2]any{nowhere, 1}, [1]any{row{1}} == [1]any{nowhere})
	fmt.Println([1]any{row{1}} == [1]any{row{1}}, [1]any{box{}} == [1]any{crate{}})
}

func main() {
	durations()
	values()
}
