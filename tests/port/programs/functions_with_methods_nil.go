// Methods of function types that are called with a nil function.
package main

import "fmt"

type HandlerFunc func(string) string

func (f HandlerFunc) Handle(s string) string {
	if f == nil {
		return "default " + s
	}
	return f(s)
}

func (f HandlerFunc) Then(next HandlerFunc) HandlerFunc {
	if nil == f {
		return next
	}
	return func(s string) string { return next.Handle(f(s)) }
}

type options struct {
	HandlerFunc
	onDone HandlerFunc
}

func main() {
	var o options
	fmt.Println(o.onDone.Handle("x"), o.Handle("y"))
	o.onDone = func(s string) string { return s + s }
	fmt.Println(o.onDone.Handle("y"), o.Then(o.onDone).Handle("z"))
	var h HandlerFunc
	fmt.Println(h.Then(nil) == nil, o.onDone.Then(h)("w"), h.Handle("v"))
	queue := make(chan HandlerFunc, 2)
	queue <- nil
	queue <- o.onDone
	close(queue)
	for f := range queue {
		fmt.Println(f.Handle("q"))
	}
}
