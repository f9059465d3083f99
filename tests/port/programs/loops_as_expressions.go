// Loops that fill, collect or add, and what can be seen of them when they panic half-way.
package main

import "fmt"

func get(xs []int, n int) (total int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	s := 0
	for i := 0; i < n; i++ {
		s += xs[i]
	}
	return s, nil
}

func fill(xs []int, n int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	ys := make([]int, n)
	for i := range ys {
		ys[i] = xs[i] * 10
	}
	fmt.Println(ys)
	zs := []int{}
	for i, y := range ys {
		if y > 10 {
			zs = append(zs, y/xs[i]+xs[i+1])
		}
	}
	fmt.Println(zs)
	return nil
}

func build(n int) (err error) {
	defer func() { err = fmt.Errorf("%v", recover()) }()
	c := make([]chan int, n)
	for i := range c {
		c[i] = make(chan int, i)
	}
	fmt.Println(len(c), cap(c[1]))
	return nil
}

type cell struct{ x, y int }

type row []cell

func seen(xs []int) (total int) {
	defer func() { recover() }()
	for i := range 5 {
		total += xs[i]
	}
	return
}

func receive(n int) int {
	ch := make(chan int)
	go func() {
		for i := range n {
			ch <- i
		}
		close(ch)
	}()
	first := 0
	for range 2 {
		first += <-ch
	}
	rest := []int{}
	for v := range ch {
		rest = append(rest, v)
	}
	total := 100
	for _, v := range rest {
		total += v
	}
	fmt.Println(first, len(rest), rest[0])
	return total
}

func structs() {
	template := cell{1, 2}
	cells := make(row, 3)
	for i := range cells {
		cells[i] = template
	}
	cells[1].x = 7
	grid := make([][]int, 2)
	for y := 0; y < len(grid); y++ {
		grid[y] = make([]int, 3)
	}
	grid[1][2] = 5
	copies := []cell{}
	for _, c := range cells {
		copies = append(copies, c)
	}
	copies[0].y = 9
	fmt.Println(cells, grid, copies, template)
	var small int8
	for i := int8(0); i < 20; i++ {
		small += i * 3
	}
	fmt.Println(small)
}

func main() {
	fmt.Println(seen([]int{1, 2, 3}), receive(9))
	structs()
	var arr [4]int
	for i := range 4 {
		arr[i] = i * i
	}
	fmt.Println(arr)
	fmt.Println(get([]int{1, 2, 3}, 3))
	fmt.Println(get([]int{1, 2, 3}, 5))
	fmt.Println(fill([]int{1, 2, 3}, 3))
	fmt.Println(fill([]int{1, 2, 3}, 4))
	fmt.Println(build(3))
	fmt.Println(build(-1))
	var u uint8
	for _, v := range []uint8{200, 100, 7} {
		u += v
	}
	fmt.Println(u)
	big := 1 << 62
	for i := 0; i < 5; i++ {
		big += 1 << 61
	}
	fmt.Println(big)
	cubes, floor := 1, 0
	for _, v := range []int{3_000_000, -2_500_000, 2_900_001} {
		cubes += v * v * v
	}
	for _, v := range []float64{1.5, -2.5, 3.75} {
		floor += int(v)
	}
	var narrow int16
	for i := range 9 {
		narrow += int16(i * 10_000)
	}
	var bits uint32
	for i := range 40 {
		bits += 1 << i
	}
	fmt.Println(cubes, floor, narrow, bits)
	var f float64
	for _, v := range []float64{0.1, 0.2, 0.3} {
		f += v
	}
	fmt.Println(f)
}
