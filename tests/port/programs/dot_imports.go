package main

import (
	"errors"
	. "fmt"
	. "math"
	. "os"
	"sort"
	. "strings"
	"sync"
)

type words []string

func (w words) Len() int           { return len(w) }
func (w words) Less(i, j int) bool { return w[i] < w[j] }
func (w words) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }

type counter struct {
	sync.Mutex
	text Builder
	n    int
}

func (c *counter) add(s string) {
	c.Lock()
	defer c.Unlock()
	c.n++
	c.text.WriteString(s)
}

func (c *counter) String() string { return Sprintf("%d:%s", c.n, c.text.String()) }

// Repeat hides nothing: it has another name than what is imported.
func repeat(s string) string { return Repeat(s, 2) }

func main() {
	f := ToUpper
	Println(f("a"), Contains("abc", "b"), repeat("xy"), MaxInt8, Sqrt(16), Inf(-1))
	Printf("%d %s\n", 3, Join([]string{"a", "b"}, "+"))
	w := words{"b", "a"}
	sort.Sort(w)
	Fprintln(Stdout, w, Sprint(1), Errorf("e %d", 1))
	c := &counter{}
	var wg sync.WaitGroup
	for _, s := range Fields("x y z") {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.add(s)
		}()
	}
	wg.Wait()
	var s Stringer = c
	Println(len(s.String()), c.n)
	_, err := Open("/no/such/file")
	var failed *PathError
	Println(errors.As(err, &failed), failed.Op, errors.Is(err, ErrNotExist))
	r := NewReplacer("a", "b")
	Println(r.Replace("aaa"), Map(func(r rune) rune { return r + 1 }, "abc"))
	Exit(3)
}
