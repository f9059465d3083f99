package main

import "fmt"

type plain []string
type m map[string]int
type count int
type celsius float64
type pair [2]count

func main() {
	x, y, z, c, p := plain{"q"}, m{"a": 1}, count(4), celsius(2), pair{1, 2}
	for _, v := range []any{&x, &y, &z, &c, &p} {
		switch v.(type) {
		case *[]string, *map[string]int, *int, *float64, *[2]int:
			fmt.Printf("wrong %T\n", v)
		default:
			fmt.Printf("right %T\n", v)
		}
	}
	x = append(x, "r")
	z++
	fmt.Println(len(x), len(y), int(z), float64(c), p[0] == 1)
	type names []string
	var list []any
	for _, v := range []*names{{"a"}, {"b", "c"}} {
		list = append(list, v)
	}
	_, ok := list[0].(*[]string)
	_, same := list[0].(*names)
	fmt.Println(ok, same)
}
