// Go calls a function before it reads the variables beside the call.  So it sees what other goroutines do while the
// function waits, also in the library.
package main

import (
	"bufio"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

type tally struct {
	n    int
	seen []int
}

func afterWait(wg *sync.WaitGroup) int {
	wg.Wait()
	return 5
}

func afterSleep(i int) int {
	time.Sleep(time.Millisecond)
	return i
}

func afterYield(ready *atomic.Bool) int {
	for !ready.Load() {
		runtime.Gosched()
	}
	return 7
}

func afterLock(mu *sync.Mutex) int {
	mu.Lock()
	defer mu.Unlock()
	return 9
}

func afterPipe(r io.Reader) int {
	b := make([]byte, 1)
	n, _ := r.Read(b)
	return n
}

func afterLine(r *bufio.Reader) int {
	line, _ := r.ReadString('\n')
	return len(line)
}

func indirect(wg *sync.WaitGroup) int { return afterWait(wg) }

func main() {
	var wg sync.WaitGroup
	x := 1
	wg.Add(1)
	go func() { x = 10; wg.Done() }()
	x = x + afterWait(&wg)
	fmt.Println(x)

	wg.Add(1)
	go func() { x = 20; wg.Done() }()
	x = x + indirect(&wg)
	fmt.Println(x)

	var got []int
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			got = append(got, afterSleep(i))
		}()
	}
	wg.Wait()
	fmt.Println(len(got))

	t := &tally{}
	m := map[string][]int{}
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			t.n = t.n + afterSleep(i)
			t.seen = append(t.seen, afterSleep(i))
			m["a"] = append(m["a"], afterSleep(i))
		}()
	}
	wg.Wait()
	fmt.Println(t.n, len(t.seen), len(m["a"]))

	var ready atomic.Bool
	y := 1
	go func() { y = 100; ready.Store(true) }()
	y = y + afterYield(&ready)
	fmt.Println(y)

	var mu sync.Mutex
	z := 1
	mu.Lock()
	go func() { z = 1000; mu.Unlock() }()
	z = z + afterLock(&mu)
	fmt.Println(z)

	r, w := io.Pipe()
	p := 1
	go func() { p = 50; w.Write([]byte("a")); w.Write([]byte("bc\n")) }()
	p = p + afterPipe(r)
	fmt.Println(p)
	buffered := bufio.NewReader(r)
	q := 1
	go func() { q = 60; w.Write([]byte("defg\n")) }()
	q = q + afterLine(buffered) + afterLine(buffered)
	fmt.Println(q)
}
