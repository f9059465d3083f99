package main

import "fmt"

func sized(n, m int) []int { return make([]int, n, m) }
func local(n, m int) int {
	s := make([]int, n, m)
	for i := range s {
		s[i] = i
	}
	return len(s)
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func main() {
	try("shorter", func() { fmt.Print(shorter(5), " ", shorter(4), " ") })
	try("pairs", func() { fmt.Print(pairs(), " ") })
	for _, p := range [][2]int{{2, 3}, {0, 0}, {3, 2}, {-1, 2}, {1, -1}} {
		try("sized", func() { fmt.Print(len(sized(p[0], p[1])), " ") })
		try("local", func() { fmt.Print(local(p[0], p[1]), " ") })
		try("only length", func() { s := make([]string, p[0]); fmt.Print(len(s), " ") })
		try("empty", func() { s := make([]string, 0, p[1]); s = append(s, "x"); fmt.Print(len(s), " ") })
		try("map", func() { s := make(map[int]int, p[0]); fmt.Print(len(s), " ") })
		try("channel", func() { c := make(chan int, p[0]); fmt.Print(cap(c), " ") })
	}
}

func shorter(n int) int {
	s := make([]int, 5, n)
	return len(s)
}

func pairs() int { return sizedPair(5, 2) }

func sizedPair(n, m int) int { s := make([]int, n, m); return len(s) }
