package main

import (
	"fmt"
	"math"
)

// Loops whose variable leaves its type, so that the condition stays true: each ends by a break.

func main() {
	for i, n := uint8(250), 0; i <= 255; i++ {
		if n++; n > 10 {
			fmt.Println("uint8", i)
			break
		}
	}
	for i := uint8(250); i <= 255; i++ {
		if i < 100 {
			fmt.Println("uint8", i)
			break
		}
	}
	for i := uint(2); i >= 0; i-- {
		fmt.Println("uint", i)
		if i > 100 {
			break
		}
	}
	for i := int8(120); i <= 127; i += 5 {
		fmt.Println("up", i)
		if i < 0 {
			break
		}
	}
	for i := int8(-120); i >= -128; i -= 7 {
		fmt.Println("down", i)
		if i > 0 {
			break
		}
	}
	for i := int64(math.MaxInt64 - 2); i <= math.MaxInt64; i += 2 {
		fmt.Println("int64", i)
		if i < 0 {
			break
		}
	}
	for i := math.MinInt + 1; i >= math.MinInt; i-- {
		fmt.Println("int", i)
		if i > 0 {
			break
		}
	}
	for i := uint16(65000); i > 3; i += 300 {
		fmt.Println("uint16", i)
		if i < 1000 {
			break
		}
	}
	// These end by their condition.
	for i := uint8(1); i < 250; i += 6 {
		if i > 240 {
			fmt.Println(i)
		}
	}
	for i := int8(-100); i >= -126; i -= 2 {
		if i < -124 {
			fmt.Println(i)
		}
	}
	for i := uint8(9); i >= 2; i -= 2 {
		fmt.Print(i, " ")
	}
	fmt.Println()
}
