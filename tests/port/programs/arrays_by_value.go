package main

import "fmt"

type Board [3][3]rune

func (b Board) With(x, y int, r rune) Board {
	b[y][x] = r
	return b
}

func (b *Board) Set(x, y int, r rune) { b[y][x] = r }

func (b Board) String() string {
	s := ""
	for _, row := range b {
		for _, c := range row {
			if c == 0 {
				c = '.'
			}
			s += string(c)
		}
		s += "/"
	}
	return s
}

type Packet struct {
	Header  [2]byte
	Payload []byte
}

func zeroed(a [4]int) [4]int {
	for i := range a {
		a[i] = 0
	}
	return a
}

func main() {
	var a [5]int
	fmt.Println("emp:", a, len(a))
	a[4] = 100
	b := [5]int{1, 2, 3, 4, 5}
	c := [...]string{2: "two", 0: "zero", 4: "four"}
	fmt.Printf("%v %v %q %d\n", a, b, c, len(c))
	d := b
	d[0] = 99
	p := &b
	p[1] = 77
	fmt.Println(b, d, *p, b == d, b == *p)

	x := [4]int{1, 2, 3, 4}
	fmt.Println(zeroed(x), x)

	for i, v := range x { // the range expression is a copy
		x[len(x)-1] = 100 + i
		fmt.Print(v, " ")
	}
	fmt.Println(x)
	for i, v := range &x {
		x[len(x)-1] = 200 + i
		fmt.Print(v, " ")
	}
	fmt.Println(x)

	var board Board
	next := board.With(1, 1, 'x')
	next.Set(0, 2, 'o')
	fmt.Println(board, next)

	seen := map[[2]int]string{{1, 2}: "a"}
	seen[[2]int{3, 4}] = "b"
	key := [2]int{1, 2}
	fmt.Println(seen[key], len(seen), seen[[2]int{9}] == "")
	key[0] = 3
	key[1] = 4
	fmt.Println(seen[key])

	p1 := Packet{[2]byte{1, 2}, []byte{3}}
	p2 := p1
	p2.Header[0] = 9
	p2.Payload[0] = 9
	fmt.Println(p1, p2)

	packets := []Packet{p1, p2}
	for _, q := range packets {
		q.Header[1] = 50
	}
	for i := range packets {
		packets[i].Header[0]++
	}
	fmt.Println(packets)
	s := x[1:3]
	s[0] = -1
	s = append(s, -2)
	fmt.Println(x, s, cap(s))
	arr := [3]int(x[:3])
	arr[0] = 1000
	fmt.Println(arr, x)
}
