package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
)

type words []string

func (w *words) String() string     { return fmt.Sprint(*w) }
func (w *words) Set(s string) error { *w = append(*w, s); return nil }

type level int

func (l *level) String() string { return "level " + strconv.Itoa(int(*l)) }
func (l *level) Set(s string) (err error) {
	n, err := strconv.Atoi(s)
	*l = level(n)
	return err
}

type size struct{ w, h int }

func (s *size) String() string   { return fmt.Sprintf("%dx%d", s.w, s.h) }
func (s *size) Set(string) error { return nil }

type table map[string]int

func (t table) String() string     { return fmt.Sprint(len(t)) }
func (t table) Set(s string) error { t[s]++; return nil }

type target struct{ to *string }

func (t target) String() string {
	if t.to == nil {
		return "nobody"
	}
	return *t.to
}
func (t target) Set(s string) error { *t.to = s; return nil }

func main() {
	fs := flag.NewFlagSet("tool", flag.ContinueOnError)
	fs.SetOutput(os.Stdout)
	var none, some, quiet, loud = words{}, words{"x"}, level(0), level(3)
	var small, large = size{}, size{2, 3}
	name := "ann"
	fs.Var(&none, "none", "no words")
	fs.Var(&some, "some", "words")
	fs.Var(&quiet, "quiet", "the zero level")
	fs.Var(&loud, "loud", "another level")
	fs.Var(&small, "small", "no size")
	fs.Var(&large, "large", "a `size`")
	fs.Var(table{}, "empty", "a map")
	fs.Var(table{"a": 1}, "full", "a map")
	fs.Var(target{&name}, "name", "a struct")
	fs.Func("call", "a function", func(string) error { return nil })
	fs.PrintDefaults()
	fmt.Println(fs.Parse([]string{"-some", "y", "-full=b", "-name", "bob", "-loud", "9"}), some, name, int(loud))
}
