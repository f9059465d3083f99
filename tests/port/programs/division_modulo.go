package main

import "fmt"

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func floorDiv(a, b int) int {
	q := a / b
	if (a%b != 0) && ((a < 0) != (b < 0)) {
		q--
	}
	return q
}

func digits(n int) (ds []int) {
	for ; n != 0; n /= 10 {
		ds = append(ds, n%10)
	}
	return
}

func toBase(n int, base int) string {
	if n == 0 {
		return "0"
	}
	neg := n < 0
	s := ""
	for ; n != 0; n /= base {
		d := n % base
		if d < 0 {
			d = -d
		}
		s = string("0123456789abcdef"[d]) + s
	}
	if neg {
		s = "-" + s
	}
	return s
}

func isLeap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func bucket(h int32, n int) int {
	i := int(h) % n
	if i < 0 {
		i += n
	}
	return i
}

func safeDiv(a, b int) (q int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	return a / b, nil
}

func main() {
	for _, a := range []int{7, -7} {
		for _, b := range []int{2, -2, 3, -3, 7} {
			fmt.Printf("%2d/%2d=%2d %2d%%%2d=%2d floor %2d\n", a, b, a/b, a, b, a%b, floorDiv(a, b))
		}
	}
	fmt.Println(gcd(48, 18), gcd(-48, 18), gcd(48, -18), gcd(0, 5))
	fmt.Println(digits(12345), digits(-907), len(digits(0)))
	fmt.Println(toBase(255, 16), toBase(-10, 2), toBase(0, 8), toBase(-255, 7))
	fmt.Println(isLeap(2000), isLeap(1900), isLeap(2024), isLeap(2023))
	fmt.Println(bucket(-17, 5), bucket(17, 5))
	fmt.Println(safeDiv(7, -2))
	fmt.Println(safeDiv(1, 0))
	x := -17
	x /= 4
	y := -17
	y %= 4
	z := -17 >> 2
	fmt.Println(x, y, z, -17&3, 17&-4)
	var i8 int8 = -128
	var minusOne int8 = -1
	fmt.Println(i8/minusOne, i8%minusOne, i8/3, uint8(200)/7, uint8(200)%7)
	secs := 98765
	fmt.Printf("%02d:%02d:%02d\n", secs/3600, secs%3600/60, secs%60)
	f := 7.0
	fmt.Println(f/2, int(f)/2, float64(7/2), 7/2.0, -7/2, 1/3.0)
	zero := 0.0
	fmt.Println(1/zero, -1/zero, zero/zero == zero/zero)
	cents := 1999
	price := float64(cents) / 100
	fmt.Println(price, int(price*100), int(price*100+0.5), cents/100, cents%100)
	avg := (3 + 4) / 2
	fmt.Println(avg, (3.0+4)/2, 10/4*4, 10*4/4, 10%4*2)
}
