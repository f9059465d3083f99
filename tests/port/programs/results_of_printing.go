// The results of functions that print.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

func say(s string) (int, error) { return fmt.Println(s) }
func must(n int, err error) int {
	if err != nil {
		panic(err)
	}
	return n
}

type W struct{ n int }

func (w *W) Write(p []byte) (int, error) { w.n += len(p); return len(p), nil }

func main() {
	_, _ = fmt.Println("a")
	_, err := fmt.Println("b", 1)
	n, _ := fmt.Print("c\n")
	fmt.Println(n, err)
	fmt.Println(say("hé"))
	fmt.Println(must(fmt.Printf("%d\n", 5)))
	if _, err := fmt.Println("cond"); err != nil {
		os.Exit(1)
	}
	f := fmt.Println
	f("via f", 2, []int{1})
	p := fmt.Sprintf
	fmt.Println(p("%03d", 7), fmt.Sprint(fmt.Sprint("x")))
	defer fmt.Println("deferred", n)
	defer func() { _, _ = fmt.Println("closure") }()
	done := make(chan struct{})
	go func() { fmt.Println("in go"); close(done) }()
	<-done
	runtime.Gosched()
	w := &W{}
	k, err := fmt.Fprintf(w, "%s-%d", "abc", 12)
	fmt.Println(k, err, w.n)
	k, err = io.WriteString(w, "xyz")
	fmt.Println(k, err)
	if n, err := fmt.Fprintln(io.Discard, "zz"); err == nil {
		fmt.Println("discarded", n)
	}
	var sb strings.Builder
	m, err := sb.WriteString("héllo")
	fmt.Println(m, err)
	r, err := sb.WriteRune('世')
	sb.WriteByte('x')
	fmt.Println(r, err, sb.Len())
	ret := func() (int, error) { return fmt.Fprint(&sb, 1, 2, "x") }
	fmt.Println(ret())
	fmt.Println(os.Stdout.WriteString("direct\n"))
	fmt.Println(os.Stdout.Write([]byte("bytes\n")))
	x, y := 1, 2
	res, err := fmt.Sscan("5 6", &x, &y)
	fmt.Println(res, err, x, y)
	lines := []func() (int, error){func() (int, error) { return fmt.Println("one") }, func() (int, error) { return 0, errors.New("two") }}
	for _, l := range lines {
		if n, err := l(); err != nil {
			fmt.Println("err", err)
		} else {
			fmt.Println("n", n)
		}
	}
	println := fmt.Println
	println("shadow")
	print := func(a ...any) { fmt.Print(a...); fmt.Print("|") }
	print("a", "b", 1, 2)
	print()
	fmt.Println()
	apply := func(fn func(...any) (int, error), args ...any) { fn(args...) }
	apply(fmt.Println, "applied", 3)
	handlers := map[string]func(...any) (int, error){"p": fmt.Println}
	handlers["p"]("map")
	select {
	default:
		fmt.Println("dflt")
	}
	fmt.Print("no newline at end")
}
