package main

import (
	"fmt"
	"reflect"
)

type words []string

func (w *words) String() string { return fmt.Sprint(len(*w)) }

type plain []string
type level int

func (l *level) String() string { return fmt.Sprint("level ", int(*l)) }

type table map[string]int

func (t *table) String() string { return fmt.Sprint("table ", len(*t)) }

type row [3]int

func (r *row) String() string { return fmt.Sprint("row ", r[0]) }

type size struct{ w int }

func (s *size) String() string { return fmt.Sprint("size ", s.w) }

func main() {
	w, l, t, r, s, p := words{"a"}, level(2), table{"x": 1}, row{5}, size{7}, plain{"q"}
	for _, x := range []any{&w, &l, &t, &r, &s, &p} {
		v := reflect.ValueOf(x)
		fmt.Println(v.Type(), v.Kind(), v.Elem().Kind())
	}
	for _, x := range []any{&w, &l, &t, &r, &s} {
		v := reflect.ValueOf(x)
		z := reflect.New(v.Type().Elem())
		fmt.Println(z.Type() == v.Type(), z.Interface().(fmt.Stringer).String(), v.Interface().(fmt.Stringer), z.Interface())
		z.Elem().Set(v.Elem())
		fmt.Println(z.Interface(), z.Interface().(fmt.Stringer).String())
	}
	n := reflect.New(reflect.TypeOf(0))
	n.Elem().SetInt(5)
	q := n.Interface().(*int)
	*q++
	fmt.Println(n.Elem().Int(), *q)
	wp := reflect.New(reflect.TypeOf(w)).Interface().(*words)
	*wp = append(*wp, "z", "y")
	fmt.Println(*wp, wp)
	pp := reflect.New(reflect.TypeOf(p)).Interface().(*plain)
	*pp = append(*pp, "k")
	fmt.Println(*pp, len(*pp))
	lp := reflect.New(reflect.TypeOf(l)).Interface().(*level)
	*lp += 4
	fmt.Println(*lp, lp)
}
