package main

import (
	"fmt"
	"sort"
)

type UnionFind struct {
	parent, rank []int
	sets         int
}

func NewUnionFind(n int) *UnionFind {
	uf := &UnionFind{make([]int, n), make([]int, n), n}
	for i := range uf.parent {
		uf.parent[i] = i
	}
	return uf
}

func (uf *UnionFind) Find(x int) int {
	for uf.parent[x] != x {
		uf.parent[x] = uf.parent[uf.parent[x]]
		x = uf.parent[x]
	}
	return x
}

func (uf *UnionFind) Union(a, b int) bool {
	ra, rb := uf.Find(a), uf.Find(b)
	if ra == rb {
		return false
	}
	if uf.rank[ra] < uf.rank[rb] {
		ra, rb = rb, ra
	}
	uf.parent[rb] = ra
	if uf.rank[ra] == uf.rank[rb] {
		uf.rank[ra]++
	}
	uf.sets--
	return true
}

type Edge struct {
	from, to int
	weight   float64
}

func kruskal(n int, edges []Edge) (tree []Edge, total float64) {
	sorted := make([]Edge, len(edges))
	copy(sorted, edges)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].weight < sorted[j].weight })
	uf := NewUnionFind(n)
	for _, e := range sorted {
		if uf.Union(e.from, e.to) {
			tree = append(tree, e)
			total += e.weight
		}
	}
	return
}

func numIslands(grid []string) int {
	rows, cols := len(grid), len(grid[0])
	uf := NewUnionFind(rows * cols)
	water := 0
	at := func(r, c int) int { return r*cols + c }
	for r, row := range grid {
		for c, ch := range row {
			if ch == '0' {
				water++
				continue
			}
			if r > 0 && grid[r-1][c] == '1' {
				uf.Union(at(r, c), at(r-1, c))
			}
			if c > 0 && row[c-1] == '1' {
				uf.Union(at(r, c), at(r, c-1))
			}
		}
	}
	return uf.sets - water
}

func main() {
	edges := []Edge{{0, 1, 4}, {0, 2, 3.5}, {1, 2, 1}, {1, 3, 2}, {2, 3, 4.25}, {3, 4, 2.125}}
	tree, total := kruskal(5, edges)
	fmt.Println(tree, total)
	fmt.Println(edges[0], len(tree))
	uf := NewUnionFind(6)
	for _, p := range [][2]int{{0, 1}, {2, 3}, {1, 3}, {0, 2}} {
		fmt.Print(uf.Union(p[0], p[1]), " ")
	}
	fmt.Println(uf.sets, uf.Find(3) == uf.Find(0), uf.Find(4) == uf.Find(5))
	fmt.Println(numIslands([]string{"11000", "11000", "00100", "00011"}))
}
