// Package singleflight declares what gochan.singleflight has, for the type checker.
package singleflight

type Group struct{ _ int }

type Result struct {
	Val    interface{}
	Err    error
	Shared bool
}

func (g *Group) Do(key string, fn func() (interface{}, error)) (v interface{}, err error, shared bool) {
	panic("declaration")
}

func (g *Group) DoChan(key string, fn func() (interface{}, error)) <-chan Result {
	panic("declaration")
}

func (g *Group) Forget(key string) { panic("declaration") }
