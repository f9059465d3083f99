package main

import "fmt"

type Player byte

const (
	None Player = iota
	X
	O
)

func (p Player) String() string { return string(".XO"[p]) }
func (p Player) Other() Player  { return X + O - p }

type Board [9]Player

var lines = [...][3]int{{0, 1, 2}, {3, 4, 5}, {6, 7, 8}, {0, 3, 6}, {1, 4, 7}, {2, 5, 8}, {0, 4, 8}, {2, 4, 6}}

func (b Board) Winner() Player {
	for _, l := range lines {
		if p := b[l[0]]; p != None && p == b[l[1]] && p == b[l[2]] {
			return p
		}
	}
	return None
}

func (b Board) Free() (cells []int) {
	for i, p := range b {
		if p == None {
			cells = append(cells, i)
		}
	}
	return
}

var cache = make(map[Board]int)
var visited int

func (b Board) best(p Player) (move, score int) {
	move, score = -1, -2
	for _, c := range b.Free() {
		next := b
		next[c] = p
		s, ok := cache[next]
		if !ok {
			visited++
			switch w := next.Winner(); {
			case w != None:
				s = 1
			case len(next.Free()) == 0:
				s = 0
			default:
				_, s = next.best(p.Other())
				s = -s
			}
			cache[next] = s
		}
		if s > score {
			move, score = c, s
		}
	}
	return
}

func (b Board) String() (s string) {
	for i := 0; i < 9; i += 3 {
		s += fmt.Sprintln(b[i], b[i+1], b[i+2])
	}
	return
}

func main() {
	var b Board
	for p := X; len(b.Free()) > 0 && b.Winner() == None; p = p.Other() {
		m, score := b.best(p)
		b[m] = p
		fmt.Printf("%v takes %d (score %+d)\n", p, m, score)
	}
	fmt.Print(b)
	fmt.Println("winner:", b.Winner(), len(cache) == visited, visited)
	trap := Board{X, O, None, None, X}
	m, s := trap.best(O)
	fmt.Println(m, s, trap.Free())
	fmt.Printf("%v %d %s\n", []Player{X, O}, O, trap[0])
}
