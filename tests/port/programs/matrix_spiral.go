package main

import (
	"fmt"
	"strings"
)

func spiral(m [][]int) []int {
	var out []int
	for len(m) > 0 {
		out = append(out, m[0]...)
		m = rotate(m[1:])
	}
	return out
}

func rotate(m [][]int) [][]int {
	if len(m) == 0 {
		return nil
	}
	rows, cols := len(m), len(m[0])
	r := make([][]int, cols)
	for c := range r {
		r[c] = make([]int, rows)
		for i := range r[c] {
			r[c][i] = m[i][cols-1-c]
		}
	}
	return r
}

func rotateInPlace(m *[3][3]int) {
	for i := 0; i < 3; i++ {
		for j := i + 1; j < 3; j++ {
			m[i][j], m[j][i] = m[j][i], m[i][j]
		}
	}
	for _, row := range m { // rows are copies here: nothing changes
		row[0] = 99
	}
	for i := range m {
		row := &m[i]
		row[0], row[2] = row[2], row[0]
	}
}

func fill(n int) [][]int {
	grid := make([][]int, n)
	backing := make([]int, n*n)
	for i := range grid {
		grid[i], backing = backing[:n], backing[n:]
	}
	x, y, dx, dy := 0, 0, 1, 0
	for k := 1; k <= n*n; k++ {
		grid[y][x] = k
		nx, ny := x+dx, y+dy
		if nx < 0 || nx >= n || ny < 0 || ny >= n || grid[ny][nx] != 0 {
			dx, dy = -dy, dx
		}
		x, y = x+dx, y+dy
	}
	return grid
}

func floodFill(img []string, r, c int, ch byte) []string {
	grid := make([][]byte, len(img))
	for i, row := range img {
		grid[i] = []byte(row)
	}
	old := grid[r][c]
	type cell struct{ r, c int }
	stack := []cell{{r, c}}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if at.r < 0 || at.r >= len(grid) || at.c < 0 || at.c >= len(grid[at.r]) || grid[at.r][at.c] != old {
			continue
		}
		grid[at.r][at.c] = ch
		for _, d := range [...]cell{{0, 1}, {1, 0}, {0, -1}, {-1, 0}} {
			stack = append(stack, cell{at.r + d.r, at.c + d.c})
		}
	}
	out := make([]string, len(grid))
	for i := range grid {
		out[i] = string(grid[i])
	}
	return out
}

func pascal(n int) (rows [][]int) {
	for i := 0; i < n; i++ {
		row := make([]int, i+1)
		row[0], row[i] = 1, 1
		for j := 1; j < i; j++ {
			row[j] = rows[i-1][j-1] + rows[i-1][j]
		}
		rows = append(rows, row)
	}
	return
}

func main() {
	fmt.Println(spiral([][]int{{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}}))
	m := [3][3]int{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
	before := m
	rotateInPlace(&m)
	fmt.Println(m, before)
	for _, row := range fill(5) {
		for _, v := range row {
			fmt.Printf("%3d", v)
		}
		fmt.Println()
	}
	img := []string{"..#..", ".##..", "#...."}
	fmt.Println(strings.Join(floodFill(img, 0, 0, '~'), "\n"))
	fmt.Println(img[0])
	for i, row := range pascal(6) {
		fmt.Printf("%*s%v\n", (6-i)*2, "", row)
	}
}
