package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
)

type wordFreq struct {
	word string
	n    int
	at   []int
}

func main() {
	freq := make(map[string]*wordFreq)
	sc := bufio.NewScanner(os.Stdin)
	sc.Buffer(make([]byte, 1024), 1<<20)
	sc.Split(bufio.ScanWords)
	pos := 0
	for sc.Scan() {
		w := strings.Trim(strings.ToLower(sc.Text()), ".,;:!?\"'()")
		if w == "" {
			continue
		}
		f, ok := freq[w]
		if !ok {
			f = &wordFreq{word: w}
			freq[w] = f
		}
		f.n++
		f.at = append(f.at, pos)
		pos++
	}
	list := make([]*wordFreq, 0, len(freq))
	for _, f := range freq {
		list = append(list, f)
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		return a.n > b.n || (a.n == b.n && a.word < b.word)
	})
	for i, f := range list {
		if i == 5 {
			break
		}
		fmt.Printf("%-6s %2d %v\n", f.word, f.n, f.at)
	}
	fmt.Println(pos, "words,", len(list), "different")
	fmt.Printf("%v %+v\n", *list[0], *list[1])
}
