package main

import "fmt"

func third(n int64) int64 { return n / 3 }

// Constants that are written as floats, and are integers where they are used.
func main() {
	fmt.Println(third(-1e18), third(3e3))
	x := 7
	fmt.Println(x*-1e3, x%-2.0, x/-(2.0), -1.0*x, x-(-3.0))
	var small int8 = -1e2
	small -= 1e2
	fmt.Println(small, -small)
	var unsigned uint16 = 1e3
	fmt.Println(unsigned*1e3, []int{-2e0, +3.0, -'a' + 'b'})
	var half float64 = -1e2
	fmt.Println(half/3, -7/2, -7/2.0)
}
