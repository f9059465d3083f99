package main

import (
	"fmt"
	"os"
	"strings"
)

type Fatal struct {
	Op   string
	Code int
}

func (f *Fatal) Error() string { return fmt.Sprintf("%s failed with %d", f.Op, f.Code) }

type stack []string

func (s *stack) push(x string) { *s = append(*s, x) }
func (s *stack) pop() (x string) {
	x = (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return
}

func balanced(s string) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	pairs := map[string]string{")": "(", "]": "[", "}": "{"}
	var st stack
	for _, c := range strings.Split(s, "") {
		if want, closing := pairs[c]; closing {
			if st.pop() != want {
				return false
			}
		} else {
			st.push(c)
		}
	}
	return len(st) == 0
}

func level3(n int) {
	defer fmt.Println("level3 deferred", n)
	if n == 0 {
		panic(&Fatal{"level3", 13})
	}
	level3(n - 1)
}

func main() {
	for _, s := range []string{"()[]{}", "([)]", "(((", ")", ""} {
		fmt.Printf("%q %t\n", s, balanced(s))
	}
	func() {
		defer func() {
			r := recover()
			f, ok := r.(*Fatal)
			fmt.Println("recovered", ok, f.Code, r)
		}()
		level3(1)
	}()
	fmt.Fprintln(os.Stderr, "about to die")
	level3(2)
	fmt.Println("unreachable")
}
