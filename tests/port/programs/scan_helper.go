package main

import (
	"bufio"
	"fmt"
	"os"
)

var (
	reader = bufio.NewReader(os.Stdin)
	writer = bufio.NewWriter(os.Stdout)
)

func scan(a ...interface{})             { fmt.Fscan(reader, a...) }
func printf(f string, a ...interface{}) { fmt.Fprintf(writer, f, a...) }

func main() {
	defer writer.Flush()
	var n, m int
	scan(&n, &m)
	printf("%d %d %d\n", n/2, n%3, m/-2)
	xs := make([]int32, 2)
	for i := range xs {
		scan(&xs[i])
	}
	printf("%d %d %d\n", xs[0]+xs[1], xs[0]*xs[1], xs[0]/2)
	var p struct{ x, y int }
	scan(&p.x, &p.y)
	printf("%d %d\n", p.x/2, p.y%2)
}
