//go:build ignore

// Who runs first: the last one started, then the others in the order of their go statements.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func nest(depth int, name string, wg *sync.WaitGroup) {
	defer wg.Done()
	fmt.Fprintln(out, "begin", name)
	if depth > 0 {
		wg.Add(2)
		go nest(depth-1, name+"l", wg)
		go nest(depth-1, name+"r", wg)
	}
	fmt.Fprintln(out, "end", name)
}

func main() {
	defer out.Flush()
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			fmt.Fprintln(out, "goroutine", i)
		}()
	}
	wg.Wait()
	wg.Add(1)
	go nest(4, ".", &wg)
	wg.Wait()
}
