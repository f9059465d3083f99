// Conversions, division and shifts.
package main

import (
	"fmt"
	"math"
)

func main() {
	ints := []int64{0, 1, -1, 2, 7, -7, 127, 128, -128, -129, 255, 256, 32767, 32768, -32769, 65535, 65536, 1<<31 - 1, 1 << 31, -1<<31 - 1, 1<<32 - 1, 1 << 32, 1<<53 + 1, math.MaxInt64, math.MinInt64, 1234567890123}
	for _, x := range ints {
		fmt.Println(x, int8(x), int16(x), int32(x), int64(x), uint8(x), uint16(x), uint32(x), uint64(x), float64(x), float32(x))
	}
	floats := []float64{0, 0.5, -0.5, 1.9, -1.9, 127.99, 300.7, -300.7, 65535.5, 1e9, 3e9, -3e9, 1e15, 4611686018427387904.0, 1e-300}
	for _, x := range floats {
		fmt.Println(x, int64(x), int32(int64(x)), int8(int64(x)), uint8(int64(x)), float32(x))
	}
	fmt.Println(uint64(1e19), uint64(9.3e18), int64(9e18))
	for _, a := range ints {
		for _, b := range ints {
			if b != 0 {
				fmt.Print(a/b, " ", a%b, " ")
			}
		}
		fmt.Println()
	}
	for _, n := range []uint{0, 1, 31, 32, 63, 64, 65, 200} {
		for _, x := range ints {
			fmt.Print(x<<n, " ", x>>n, " ", uint64(x)>>n, " ", int32(x)<<n, " ", uint8(x)<<n, " ")
		}
		fmt.Println()
	}
	xs := []float64{0, math.Copysign(0, -1), 1, -2.5, math.Inf(1), math.Inf(-1), math.NaN()}
	for _, a := range xs {
		for _, b := range xs {
			fmt.Print(a/b, " ")
		}
		fmt.Println()
	}
	for _, x := range []float64{0.1, 1e39, -1e39, 16777217, 1e-46, 3.4028235677973366e38} {
		fmt.Println(float32(x), float32(x)*2, float32(x)+1)
	}
}
