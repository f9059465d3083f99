package main

import "fmt"

// On the heap: the compiler keeps the first elements of a local slice on the stack.
var (
	s    []int
	strs []string
)

func main() {
	last := -1
	for i := 0; i < 2000; i++ {
		s = append(s, i)
		if cap(s) != last {
			last = cap(s)
			fmt.Print(len(s), ":", last, " ")
		}
	}
	fmt.Println()
	for _, n := range []int{1, 3, 5, 7, 9} {
		t := append([]int{1, 2}, make([]int, n)...)
		fmt.Print(len(t), "/", cap(t), " ")
	}
	fmt.Println()
	var bs []byte
	bs = append(bs, "hello, "...)
	c1 := cap(bs)
	bs = append(bs, "gophers!"...)
	fmt.Println(string(bs), c1, cap(bs), len(bs))
	for i := range 5 {
		strs = append(strs, fmt.Sprint(i))
		fmt.Print(cap(strs), " ")
	}
	fmt.Println()
	type big struct {
		a, b, c int
	}
	bigs := append([]big(nil), big{}, big{}, big{})
	fmt.Println(len(bigs), cap(bigs), cap(append(bigs, big{1, 2, 3}, big{})))
	x := make([]int, 3, 10)
	y := x[1:2]
	fmt.Println(len(y), cap(y), len(y[:9]), len(x[:cap(x)]), cap(x[:2:5]))
	y = append(y, 42)
	fmt.Println(x, y, x[2])
	z := append(y[:1:1], 7)
	z[0] = -1
	fmt.Println(x, y, z, cap(z))
	bools := append([]bool{true}, false)
	i32 := append([]int32{1, 2, 3}, 4)
	fmt.Println(cap(bools), cap(i32), cap(append([]rune("abc"), 'd')), cap([]int{}) == 0)
}
