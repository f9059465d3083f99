// Format methods, of strings too; what %T says of pointers to types of the library; slices.Grow of nil.
package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

type Secret string

func (s Secret) Format(f fmt.State, verb rune) {
	switch verb {
	case 'v', 's':
		if f.Flag('#') {
			fmt.Fprintf(f, "Secret(%d)", len(s))
			return
		}
		fmt.Fprint(f, strings.Repeat("*", len(s)))
	default:
		fmt.Fprintf(f, "%%!%c(Secret)", verb)
	}
}

type Vec struct{ X, Y float64 }

func (v *Vec) Format(f fmt.State, verb rune) {
	p, ok := f.Precision()
	if !ok {
		p = 1
	}
	fmt.Fprintf(f, "[%.*f %.*f]", p, v.X, p, v.Y)
}

type Log struct{}

func (Log) format(level, msg string) string { return level + ": " + msg }

func main() {
	fmt.Printf("%v %s %#v %d\n", Secret("abc"), Secret("de"), Secret("xyz"), Secret("q"))
	fmt.Println(Secret("hello"), []Secret{"a", "bb"}, map[string]Secret{"k": "vv"})
	fmt.Printf("%v %.3v %v\n", &Vec{1, 2}, &Vec{1, 2}, Vec{1, 2})
	fmt.Println(Log{}.format("info", "x"), Log{})
	n := 4
	x := slices.Grow([]int(nil), n)
	x = append(x, 1)
	fmt.Println(x, len(x), cap(x) >= 4)
	m := map[string]*sync.WaitGroup{"a": {}}
	fmt.Printf("%T %T %T %T\n", m, &sync.Mutex{}, []*strings.Builder{}, make(chan *sync.Once))
	var fm fmt.Formatter = Secret("zz")
	fmt.Printf("%v\n", fm)
}
