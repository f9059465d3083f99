package main

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
)

func main() {
	f, _ := strconv.ParseFloat("1.234", 64)
	fmt.Println(f)
	i, _ := strconv.ParseInt("123", 0, 64)
	fmt.Println(i)
	d, _ := strconv.ParseInt("0x1c8", 0, 64)
	u, _ := strconv.ParseUint("789", 0, 64)
	k, _ := strconv.Atoi("135")
	fmt.Println(d, u, k)
	for _, s := range []string{"wat", "", "99999999999999999999", "-5", "+7", " 1", "1_000", "0b11"} {
		n, err := strconv.Atoi(s)
		fmt.Println(n, err)
	}
	n, err := strconv.ParseInt("300", 10, 8)
	fmt.Println(n, err)
	n, err = strconv.ParseInt("-ff", 16, 64)
	fmt.Println(n, err)
	_, err = strconv.ParseUint("-1", 10, 64)
	fmt.Println(err)
	for _, s := range []string{"1e3", "inf", "NaN", ".5", "1e400", "abc", "0x1p4"} {
		f, err := strconv.ParseFloat(s, 64)
		fmt.Println(f, err)
	}
	for _, s := range []string{"true", "T", "0", "yes"} {
		b, err := strconv.ParseBool(s)
		fmt.Println(b, err)
	}
	fmt.Println(strconv.Itoa(-45)+"!", strconv.FormatInt(255, 2), strconv.FormatInt(-255, 16), strconv.FormatInt(35, 36))
	fmt.Println(strconv.Quote("hi\n\"x\"é"), strconv.FormatFloat(3.14159, 'f', 2, 64), strconv.FormatFloat(1e6, 'g', -1, 64), strconv.FormatBool(true))
	un, err := strconv.Unquote(`"a\tb"`)
	fmt.Println(un, err, string(strconv.AppendInt([]byte("n="), 42, 10)))

	fmt.Println(math.Sqrt(2), math.Pow(2, 10), math.Floor(-2.5), math.Ceil(-2.5), math.Trunc(-2.7), math.Round(2.5), math.Round(-2.5), math.Abs(-3))
	fmt.Println(math.Mod(7, -3), math.Mod(-7, 3), math.Hypot(3, 4), math.Cbrt(27), math.Log2(8), math.Log10(1000), math.Max(1, math.NaN()), math.Min(-0.0, 2))
	fmt.Println(math.MaxInt8, math.MaxUint16, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(-1), math.IsNaN(math.Sqrt(-1)), math.IsInf(math.Log(0), -1))
	fmt.Println(bits.OnesCount(255), bits.LeadingZeros64(1), bits.TrailingZeros(8), bits.Len(1023), bits.Reverse8(1), bits.RotateLeft32(1<<31, 1))
	x := 1e19
	fmt.Println(int(x/3e18), int(-x/3e18), uint8(k), int64(math.Float64bits(1.0)>>52), x > math.MaxInt64)
	a, b := 17, -5
	fmt.Println(a/b, a%b, -a/b, -a%b, a/-b, a%-b, 7/2*2.0, 7/2.0)
	var h uint64 = 14695981039346656037
	for _, c := range []byte("hash me") {
		h ^= uint64(c)
		h *= 1099511628211
	}
	fmt.Println(h, h>>60, uint32(h), int32(h))
}
