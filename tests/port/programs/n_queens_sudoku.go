package main

import "fmt"

func solveQueens(n int) [][]string {
	board := make([][]byte, n)
	for i := range board {
		board[i] = make([]byte, n)
		for j := range board[i] {
			board[i][j] = '.'
		}
	}
	cols, diag, anti := make([]bool, n), make([]bool, 2*n), make([]bool, 2*n)
	solutions := [][]string{}
	var place func(r int)
	place = func(r int) {
		if r == n {
			s := make([]string, n)
			for i := range board {
				s[i] = string(board[i])
			}
			solutions = append(solutions, s)
			return
		}
		for c := 0; c < n; c++ {
			if cols[c] || diag[r+c] || anti[r-c+n] {
				continue
			}
			cols[c], diag[r+c], anti[r-c+n] = true, true, true
			board[r][c] = 'Q'
			place(r + 1)
			board[r][c] = '.'
			cols[c], diag[r+c], anti[r-c+n] = false, false, false
		}
	}
	place(0)
	return solutions
}

type Grid [9][9]int

func (g *Grid) possible(r, c, n int) bool {
	for i := 0; i < 9; i++ {
		if g[r][i] == n || g[i][c] == n || g[r/3*3+i/3][c/3*3+i%3] == n {
			return false
		}
	}
	return true
}

func (g *Grid) solve(steps *int) bool {
	for r := range g {
		for c := range g[r] {
			if g[r][c] != 0 {
				continue
			}
			for n := 1; n <= 9; n++ {
				if g.possible(r, c, n) {
					*steps++
					g[r][c] = n
					if g.solve(steps) {
						return true
					}
					g[r][c] = 0
				}
			}
			return false
		}
	}
	return true
}

func main() {
	for _, s := range solveQueens(4) {
		for _, row := range s {
			fmt.Println(row)
		}
		fmt.Println()
	}
	fmt.Println(len(solveQueens(6)), len(solveQueens(3)))

	g := Grid{
		{5, 3, 0, 0, 7}, {6, 0, 0, 1, 9, 5}, {0, 9, 8, 0, 0, 0, 0, 6},
		{8, 0, 0, 0, 6, 0, 0, 0, 3}, {4, 0, 0, 8, 0, 3, 0, 0, 1}, {7, 0, 0, 0, 2, 0, 0, 0, 6},
		{0, 6, 0, 0, 0, 0, 2, 8}, {0, 0, 0, 4, 1, 9, 0, 0, 5}, {4: 8, 7: 7, 8: 9},
	}
	original := g
	steps := 0
	fmt.Println(g.solve(&steps), steps)
	for r, row := range g {
		fmt.Println(row, original[r])
	}
}
