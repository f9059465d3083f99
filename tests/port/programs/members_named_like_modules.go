// Fields and methods with the names of packages and types that their structs use.
package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

type V struct {
	n       int
	time    time.Time
	ctx     context.Context
	when    time.Duration
	sync    sync.Mutex
	mu      sync.RWMutex
	strings strings.Builder
	other   strings.Builder
}

func (v *V) Context() context.Context  { return v.ctx }
func (v *V) With(c context.Context) *V { v.ctx = c; return v }
func (v *V) Int() int                  { return v.n }
func (v *V) Plus(o int) int            { return v.n + o }
func (v *V) Bool() bool                { return v.n > 0 }
func (v *V) Not(b bool) bool           { return !b }
func (v *V) Float() float64            { return float64(v.n) }
func (v *V) Half(f float64) float64    { return f / 2 }
func (v *V) Str() string               { return fmt.Sprint(v.n) }
func (v *V) Cat(s string) string       { return s + v.Str() }
func (v *V) Dict() map[string]int      { return map[string]int{"a": v.n} }
func (v *V) Keys(m map[string]int) int { return len(m) }
func (v *V) Time() time.Time           { return v.time }
func (v *V) After(t time.Time) bool    { return v.time.After(t) }
func (v *V) Err() error                { return errors.New("e") }
func (v *V) Chan() chan int            { return make(chan int, v.n) }
func (v *V) Use(c chan int) int        { return cap(c) }
func (v *V) List() []int               { return []int{1} }
func (v *V) Slice() [2]int             { return [2]int{1, 2} }
func (v *V) Sum(a [2]int, b []int) int { return a[0] + b[0] }
func (v *V) Type() W                   { return W{} }
func (v *V) W() W                      { return W{1} }
func (v *V) TakeW(w W) *W              { return &w }
func (v *V) Callable() func(int) int   { return func(x int) int { return x } }
func (v *V) Call(f func(int) int) int  { return f(1) }
func (v *V) Any() any                  { return v.n }
func (v *V) TakeAny(a any) any         { return a }
func (v *V) Pointer() *W               { return nil }
func (v *V) Next(w *W) *W              { return w }
func (v *V) Struct()                   {}
func (v *V) Field()                    {}
func (v *V) Error() string             { return "err" }
func (v *V) Unwrap() error             { return nil }

type W struct{ x int }

type Clock interface {
	Time() time.Time
	Int() int
	Plus(int) int
	After(t time.Time) bool
	Err() error
	Unwrap() error
	Str() string
	Cat(string) string
}

type node struct{ self, cls *node }

func (n *node) root() *node { return n.self.cls }

func main() {
	root := &node{}
	n := &node{self: &node{cls: root}, cls: root}
	fmt.Println(n.root() == root, n.cls == root, root.self == nil)
	v := &V{n: 2, time: time.Unix(5, 0).UTC()}
	v.With(context.Background())
	fmt.Println(v.Int(), v.Plus(3), v.Bool(), v.Not(true), v.Float(), v.Half(3), v.Str(), v.Cat("x"), v.Dict(), v.Keys(nil))
	fmt.Println(v.Time(), v.After(time.Time{}), v.Err(), v.Use(v.Chan()), v.List(), v.Slice(), v.Sum(v.Slice(), v.List()))
	fmt.Println(v.Type(), v.W(), *v.TakeW(v.W()), v.Call(v.Callable()), v.Any(), v.TakeAny(3), v.Pointer() == nil, v.Next(nil) == nil)
	v.Struct()
	v.Field()
	var i Clock = v
	fmt.Println(i.Int(), i.Time().Unix(), i.Err(), i.Unwrap(), i.Cat("y"), v.Context())
	v.sync.Lock()
	v.mu.Lock()
	v.strings.WriteString("q")
	v.other.WriteString(v.strings.String())
	fmt.Println(v.other.String(), v.when)
	var e error = v
	fmt.Println(e)
}
