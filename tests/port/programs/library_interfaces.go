package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/fnv"
	"io"
	"log"
	"os"
	"sort"
	"strings"
	"time"
)

type T struct{ n int }

func (t T) String() string { return fmt.Sprintf("T(%d)", t.n) }

func show(s fmt.Stringer) string { return s.String() }

func readAll(r io.Reader) string {
	b, _ := io.ReadAll(r)
	return string(b)
}

func sum(h hash.Hash32, s string) uint32 {
	h.Write([]byte(s))
	return h.Sum32()
}

type app struct {
	log *log.Logger
	out io.Writer
	rw  io.ReadWriter
	srt sort.Interface
}

func main() {
	var s fmt.Stringer = T{3}
	fmt.Println(show(s), s)
	fmt.Println(readAll(strings.NewReader("abc")), sum(fnv.New32a(), "x"))
	if _, err := os.Open("/nonexistent"); err != nil {
		fmt.Println(err, errors.Is(err, os.ErrNotExist))
		var pe *os.PathError
		fmt.Println(errors.As(err, &pe), pe.Op, pe.Path)
	}
	a := app{log: log.New(os.Stdout, "", 0), out: os.Stdout}
	a.log.Println("hi", a.rw == nil, a.srt == nil)
	fmt.Fprintln(a.out, "out")
	dec := json.NewDecoder(strings.NewReader(`{"a":[1,"x",null,true]} [2]`))
	for {
		t, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Printf("%T: %v", t, t)
		if dec.More() {
			fmt.Print(" (more)")
		}
		fmt.Println()
	}
	dec = json.NewDecoder(strings.NewReader(`[{"n":1},{"n":2}]`))
	t, _ := dec.Token()
	fmt.Printf("%T %v\n", t, t)
	for dec.More() {
		var m struct{ N int }
		if err := dec.Decode(&m); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(m.N)
	}
	t, _ = dec.Token()
	d, ok := t.(json.Delim)
	fmt.Println(d, ok, d == ']')
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded))
}
