package main

import (
	"fmt"
	"math"
)

const s string = "constant"

const (
	KB = 1 << (10 * (iota + 1))
	MB
	GB
)

const (
	big   = 1 << 100
	small = big >> 99
)

var (
	home   = "/home"
	logins = 3
	ratio  float32
	ready  bool
	letter rune = 'g'
	raw    byte = 200
	z      complex128
)

func main() {
	fmt.Println("go" + "lang")
	fmt.Println("1+1 =", 1+1)
	fmt.Println("7.0/3.0 =", 7.0/3.0)
	fmt.Println(true && false, true || false, !true)

	var a = "initial"
	var b, c int = 1, 2
	var d = true
	var e int
	f := "apple"
	var g, h = 0.1, 'x'
	fmt.Println(a, b, c, d, e, f, g, h)
	fmt.Println(home, logins, ratio, ready, letter, string(letter), raw, z)

	const n = 500000000
	const m = 3e20 / n
	fmt.Println(s, m, int64(m), math.Sin(n))
	fmt.Println(KB, MB, GB, small)
	fmt.Println(math.MaxInt64, math.MinInt64, uint64(math.MaxUint64), math.MaxInt32, math.Pi)
	fmt.Println(0b1010, 0o17, 0xFF, 1_000_000, 0x1p-2, 'a', '\n', "\u00e9", `raw\n`)
	fmt.Println(1e6, 1e20, 1e21, 123456789.0, 1e-4, 1e-5, 100000000000000000000.0, 2.50, float32(0.1), float64(float32(0.1)))
	x, y := 7, 2
	x, y = y, x
	fmt.Println(x, y, y/x, y%x, -y/x, -y%x, y&x, y|x, y^x, y&^x, y<<3, -y>>1, ^y)
	var i8 int8 = 127
	i8++
	var u8 uint8
	u8--
	var u32 uint32 = 1 << 31
	u32 <<= 1
	i := math.MaxInt64
	i++
	fmt.Println(i8, u8, u32, i)
	fmt.Println(int(-3.99+float64(e)), uint8(300&0xff), float64(7)/2, int32(int64(x)<<33>>2))
	z = complex(3, -4)
	fmt.Println(z, real(z), imag(z), z*z, -z)
	fmt.Printf("%T %T %T %T %T %T\n", a, b, g, h, raw, z)
}
