// Blanks among the variables that one statement declares, with values of several kinds.
package main

import "fmt"

type row struct {
	in  []int
	out string
}

type rows struct {
	row
	n int
}

func say(s string) string {
	fmt.Println("say", s)
	return s
}

func main() {
	all := []rows{{row{[]int{1, 2}, "a"}, 3}, {row{nil, "b"}, 4}}
	for _, r := range all {
		_, p := r.row, r.n
		q, _ := r.in, r.out
		fmt.Println(p, q, len(q))
	}
	_, s := say("x"), say("y")
	a, _, b := say("1"), say("2"), 3
	fmt.Println(s, a, b)
	_, f := say("f"), func() int { return b }
	fmt.Println(f())
	var e error
	_, e = say("e"), nil
	fmt.Println(e)
	_, p := say("p"), &all[0]
	_, n := say("n"), 5
	ptr := &n
	*ptr++
	fmt.Println(p.n, n)
	_, empty := say("empty"), []int(nil)
	fmt.Println(empty == nil)
	defer func() { fmt.Println(recover()) }()
	_, m := all[p.n].n, map[string]int{}
	fmt.Println(m)
}
