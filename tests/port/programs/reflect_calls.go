// Package reflect: calls of functions, channels, and the entries of maps.
package main

import (
	"errors"
	"fmt"
	"reflect"
)

type pair struct{ a, b int }

func divide(a, b int) (int, error) {
	if b == 0 {
		return 0, errors.New("by zero")
	}
	return a / b, nil
}

func swap(p pair) pair {
	p.a, p.b = p.b, p.a
	return p
}

func walk(x any, f func(string)) {
	v := reflect.ValueOf(x)
	switch v.Kind() {
	case reflect.String:
		f(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i).Interface(), f)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			walk(v.MapIndex(key).Interface(), f)
		}
	case reflect.Chan:
		for got, ok := v.Recv(); ok; got, ok = v.Recv() {
			walk(got.Interface(), f)
		}
	case reflect.Func:
		for _, result := range v.Call(nil) {
			walk(result.Interface(), f)
		}
	}
}

func main() {
	args := []reflect.Value{reflect.ValueOf(7), reflect.ValueOf(2)}
	out := reflect.ValueOf(divide).Call(args)
	fmt.Println(len(out), out[0].Int(), out[1].IsNil(), out[0].Type(), out[1].Type())
	args[1] = reflect.ValueOf(0)
	out = reflect.ValueOf(divide).Call(args)
	fmt.Println(out[0], out[1])
	p := pair{1, 2}
	swapped := reflect.ValueOf(swap).Call([]reflect.Value{reflect.ValueOf(p)})[0]
	fmt.Println(p, swapped)

	pairs, box := make(chan pair, 1), any(nil)
	v := reflect.ValueOf(&p).Elem()
	reflect.ValueOf(pairs).Send(v)
	reflect.ValueOf(&box).Elem().Set(v)
	p.a = 9
	fmt.Println(<-pairs, box, v)

	ch := make(chan string, 3)
	ch <- "in"
	reflect.ValueOf(ch).Send(reflect.ValueOf("a channel"))
	close(ch)
	show := func(s string) { fmt.Println("found", s) }
	walk(ch, show)
	walk([]string{"x", "y"}, show)
	walk(map[int]string{1: "in a map"}, show)
	walk(func() (string, string) { return "first", "second" }, show)
	v, ok := reflect.ValueOf(ch).Recv()
	fmt.Printf("%q %v\n", v.String(), ok)

	entries := reflect.ValueOf(map[string]int{"one": 1}).MapRange()
	for entries.Next() {
		fmt.Println(entries.Key(), entries.Value().Int(), entries.Key().Kind())
	}
	defer func() { fmt.Println(recover()) }()
	reflect.ValueOf(divide).Call(args[:1])
}
