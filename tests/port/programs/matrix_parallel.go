package main

import (
	"fmt"
	"sync"
)

type Matrix [][]float64

func New(r, c int) Matrix {
	m := make(Matrix, r)
	for i := range m {
		m[i] = make([]float64, c)
	}
	return m
}

func (a Matrix) Mul(b Matrix) (Matrix, error) {
	if len(a[0]) != len(b) {
		return nil, fmt.Errorf("can't multiply %dx%d by %dx%d", len(a), len(a[0]), len(b), len(b[0]))
	}
	out := New(len(a), len(b[0]))
	var wg sync.WaitGroup
	for i := range a {
		wg.Add(1)
		go func(row int) {
			defer wg.Done()
			for j := range b[0] {
				for k := range b {
					out[row][j] += a[row][k] * b[k][j]
				}
			}
		}(i)
	}
	wg.Wait()
	return out, nil
}

func (a Matrix) T() Matrix {
	out := New(len(a[0]), len(a))
	for i, row := range a {
		for j, v := range row {
			out[j][i] = v
		}
	}
	return out
}

func main() {
	a := Matrix{{1, 2, 3}, {4, 5, 6}}
	b := Matrix{{7, 8}, {9, 10}, {11, 12.5}}
	c, err := a.Mul(b)
	fmt.Println(c, err)
	fmt.Println(a.T())
	_, err = a.Mul(a)
	fmt.Println(err)
	var grid [3][4]int
	for i := 0; i < 3; i++ {
		for j := 0; j < 4; j++ {
			grid[i][j] = i * j
		}
	}
	copied := grid
	copied[2][3] = 100
	fmt.Println(grid, copied[2], grid == copied, len(grid), len(grid[0]))
	fmt.Printf("%6.2f|%v|%g\n", c[0][1], c[1][1], 1.0/3)
}
