package main

import (
	"errors"
	"fmt"
	"strconv"
)

var x = 10

var len = func(s string) int { return -1 } // hides the builtin

type string_ = string

func lookup(m map[string]int, k string) (v int, err error) {
	if v, ok := m[k]; ok {
		return v * 2, nil
	}
	if v, err := strconv.Atoi(k); err == nil {
		return v, err
	}
	err = errors.New("not found: " + k)
	return
}

func parse(list []string) (total int, err error) {
	for i, s := range list {
		n, err := strconv.Atoi(s)
		if err != nil {
			fmt.Println(i, err)
			continue
		}
		total += n
	}
	return total, err
}

func class(list, def, lambda int) (yield int) {
	for True := range 3 {
		yield += True * list
	}
	print := func(None int) int { return None + def }
	return print(yield) + lambda
}

type dict struct{ from, import_, self int }

func (self dict) pass(in int) dict {
	self.from += in
	self.self = self.import_
	return self
}

func main() {
	fmt.Println(x)
	x := 1
	{
		x := x + 1
		x++
		fmt.Println(x)
		if x := "text"; x != "" {
			fmt.Println(x)
		} else if y := 5; x == "" {
			fmt.Println(y)
		}
		fmt.Println(x)
	}
	for x := 0; x < 2; x++ {
		x := x * 10
		fmt.Print(x, " ")
	}
	fmt.Println(x)
	switch x := interface{}(x).(type) {
	case int:
		x += 5
		fmt.Println("int", x)
	}
	func() {
		x = 77
		x := 88
		_ = x
	}()
	fmt.Println(x, len("hello"))
	m := map[string]int{"a": 1}
	for _, k := range []string{"a", "17", "zz"} {
		fmt.Println(lookup(m, k))
	}
	fmt.Println(parse([]string{"1", "x", "3"}))
	a, err := strconv.Atoi("1")
	b, err := strconv.Atoi("q")
	fmt.Println(a, b, err)
	if a, err := strconv.Atoi("5"); err == nil {
		fmt.Println(a, err)
	}
	fmt.Println(a, err != nil)
	fmt.Println(class(1, 2, 3))
	d := dict{1, 2, 3}
	fmt.Println(d.pass(10), d)
	str, int_, list, id, type_ := "s", 1, []int{1}, 2, 3
	fmt.Println(str, int_, list, id, type_)
	true := false
	nil := 0
	fmt.Println(true, !true, nil)
	var s string_ = "alias"
	fmt.Println(s)
	const fmt_ = "const"
	{
		fmt := fmt_
		_ = fmt
	}
	int := func(f float64) float64 { return f / 2 }
	fmt.Println(int(3))
}
