package main

import (
	"fmt"
	"math"
	"math/bits"
)

func factorial(n int) int {
	result := 1
	for i := 2; i <= n; i++ {
		result *= i
	}
	return result
}

func fibonacci(n int) (a int64) {
	b := int64(1)
	for ; n > 0; n-- {
		a, b = b, a+b
	}
	return
}

func hash(s string) (h int) {
	for _, c := range s {
		h = h*31 + int(c)
	}
	return
}

func pow(base, exp, mod uint64) uint64 {
	result := uint64(1)
	for base %= mod; exp > 0; exp >>= 1 {
		if exp&1 == 1 {
			result = result * base % mod
		}
		base = base * base % mod
	}
	return result
}

func abs32(x int32) int32 {
	if x < 0 {
		return -x
	}
	return x
}

func addOverflows(a, b int) bool {
	c := a + b
	return (c > a) != (b > 0)
}

func isqrt(n uint32) (root uint32) {
	for bit := uint32(1) << 15; bit > 0; bit >>= 1 {
		if t := root | bit; uint64(t)*uint64(t) <= uint64(n) {
			root = t
		}
	}
	return
}

func main() {
	for _, n := range []int{5, 20, 21, 25, 66} {
		fmt.Println(n, factorial(n))
	}
	fmt.Println(fibonacci(92), fibonacci(93), fibonacci(100))
	fmt.Println(hash("the quick brown fox jumps over the lazy dog"))
	fmt.Println(pow(2, 62, 1_000_000_007), pow(3, 200, 13), pow(1<<40, 3, 1<<63))
	fmt.Println(abs32(math.MinInt32), abs32(-5), addOverflows(math.MaxInt, 1), addOverflows(-5, 3))

	var i8 int8 = math.MaxInt8
	var u8 uint8 = 250
	var i16 int16 = -32768
	var u16 uint16 = 65535
	var i32 int32 = 1 << 30
	var i64 int64 = math.MinInt64
	i8 += 2
	u8 += 10
	i16--
	u16 = u16 * u16
	i32 *= 4
	i64 = -i64
	fmt.Println(i8, u8, i16, u16, i32, i64, i64/-1, i64%-1)
	x := uint32(0)
	x--
	fmt.Println(x, x+1, ^x, -x, x<<31, x>>31, x*x)
	n := -1
	fmt.Println(uint8(n), uint16(n), uint32(n), uint64(n), int8(n*129), int32(int64(n)<<33-int64(n)))
	for s := uint(60); s < 66; s++ {
		fmt.Print(1<<s, " ", n<<s, " ", n>>s, " ", uint8(255)>>(s-58), "; ")
	}
	fmt.Println()
	hi, lo := bits.Mul64(math.MaxUint64, 3)
	sum, carry := bits.Add64(math.MaxUint64, 1, 0)
	fmt.Println(hi, lo, sum, carry, isqrt(99), isqrt(math.MaxUint32))
	mid := (math.MaxInt - 1 + math.MaxInt/2) / 2
	low, high := math.MaxInt-10, math.MaxInt
	fmt.Println(mid, (low+high)/2, low+(high-low)/2, int(uint(low+high)>>1))
	f := 1e20
	fmt.Println(float32(16777217), int64(float32(0.1)*1e9), uint8(int(f/1e18)), math.MaxUint32+1)
	var checksum uint16
	for i, b := range []byte("checksum me please") {
		checksum = checksum<<3 ^ checksum>>13 ^ uint16(b)<<(i%8)
	}
	fmt.Printf("%04x %d\n", checksum, int16(checksum))
}
