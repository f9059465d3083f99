package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

type point struct{ X, Y int }
type ints []int
type table map[string]point

type base struct{ name string }

func (b base) Name() string        { return b.name }
func (b *base) Rename(s string)    { b.name = s }
func (b base) hidden() string      { return "no" }
func (b base) Join(sep string, parts ...string) (string, error) {
	if len(parts) == 0 {
		return b.name, errors.New("nothing to join")
	}
	return b.name + sep + strings.Join(parts, sep), nil
}

type wrapper struct {
	base
	n int
}

func (w wrapper) Add(k int) int { return w.n + k }

type level int

func (l level) Double() level { return l * 2 }
func (l *level) Raise(by int8) { *l += level(by) }

func call(v any, name string, args ...any) {
	m := reflect.ValueOf(v).MethodByName(name)
	if !m.IsValid() {
		fmt.Printf("%T has no method %s\n", v, name)
		return
	}
	in := make([]reflect.Value, 0, len(args))
	for _, a := range args {
		in = append(in, reflect.ValueOf(a))
	}
	fmt.Print(m.Type(), m.Kind(), ":")
	for _, out := range m.Call(in) {
		fmt.Print(" ", out)
	}
	fmt.Println()
}

func try(f func()) {
	defer func() { fmt.Println("panic:", recover()) }()
	f()
}

func main() {
	w := wrapper{base{"w"}, 4}
	l := level(3)
	call(w, "Name")
	call(&w, "Name")
	call(w, "Rename", "x")
	call(&w, "Rename", "renamed")
	call(w, "Add", 1<<40)
	call(w, "hidden")
	call(w, "Join", "-")
	call(w, "Join", "-", "a", "b")
	call(l, "Double")
	call(l, "Raise", int8(1))
	call(&l, "Raise", int8(4))
	call(&l, "Double")
	call(5, "Double")
	fmt.Println(w.hidden(), l)

	p := point{1, 2}
	s := reflect.MakeSlice(reflect.TypeOf([]point{}), 0, 2)
	s = reflect.Append(s, reflect.ValueOf(p), reflect.ValueOf(p))
	p.X = 9
	all := s.Interface().([]point)
	all[0].Y = 7
	fmt.Println(all, s.Index(0), s.Index(1).Field(0), s.Len(), s.Cap())
	s = reflect.AppendSlice(s, reflect.ValueOf([]point{{5, 6}}))
	fmt.Println(s, s.Slice(1, 3), reflect.ValueOf("héllo").Slice(0, 3))
	n := reflect.MakeSlice(reflect.TypeOf(ints{}), 1, 1)
	fmt.Printf("%T %v %v\n", n.Interface(), n, reflect.Append(n, reflect.ValueOf(3)).Type())
	anys := reflect.MakeSlice(reflect.TypeOf([]any{}), 0, 0)
	anys = reflect.Append(anys, reflect.ValueOf(1), reflect.ValueOf("x"), reflect.ValueOf(p))
	fmt.Println(anys, anys.Index(2).Elem().Type())

	t := reflect.MakeMapWithSize(reflect.TypeOf(table{}), 4)
	t.SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf(p))
	p.X = 10
	fmt.Printf("%T %v %v\n", t.Interface(), t, t.MapIndex(reflect.ValueOf("a")).Field(0))
	counts := map[point]int{}
	c := reflect.ValueOf(counts)
	c.SetMapIndex(reflect.ValueOf(p), reflect.ValueOf(1))
	p.Y = -1
	c.SetMapIndex(reflect.ValueOf(p), reflect.ValueOf(2))
	fmt.Println(counts, c.Len())
	c.SetMapIndex(reflect.ValueOf(p), reflect.Value{})
	fmt.Println(counts)
	try(func() { reflect.ValueOf(map[string]int(nil)).SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf(1)) })
	try(func() { reflect.MakeSlice(reflect.TypeOf(1), 1, 1) })
	try(func() { reflect.TypeOf(1).NumIn() })
	try(func() { reflect.TypeOf(1).Implements(reflect.TypeOf(1)) })

	f := reflect.TypeOf(func(int8, ...[]string) (error, bool) { return nil, false })
	fmt.Println(f, f.NumIn(), f.In(0), f.In(1), f.NumOut(), f.Out(0), f.Out(1), f.IsVariadic())
	namer := reflect.TypeOf((*interface{ Name() string })(nil)).Elem()
	renamer := reflect.TypeOf((*interface{ Rename(string) })(nil)).Elem()
	e := reflect.TypeOf((*error)(nil)).Elem()
	for _, v := range []any{base{}, &base{}, w, &w, l, 1, errors.New("e"), []int{}} {
		t := reflect.TypeOf(v)
		fmt.Println(t, t.Implements(namer), t.Implements(renamer), t.Implements(e), t.AssignableTo(t), t.AssignableTo(namer))
	}
	fmt.Println(reflect.ValueOf([]byte("raw")).Bytes(), reflect.ValueOf([2]int{}).Cap(), reflect.ValueOf(make(chan int, 3)).Cap())
}
