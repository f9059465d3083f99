package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

type Value interface{}
type Num interface{ Num() int }
type T struct{ a int }

func (t T) Num() int { return t.a }

type Named int

func (n Named) Num() int { return int(n) }

func try(name string, f func()) {
	defer func() {
		r := recover()
		fmt.Printf("%s: %v\n", name, r)
		if e, ok := r.(error); ok {
			fmt.Printf("  %T %s\n", e, e.Error())
		}
	}()
	f()
}

func main() {
	var r io.Reader = strings.NewReader("x")
	b, ok := r.(*bytes.Buffer)
	fmt.Println(b == nil, ok)
	f, ok := r.(*os.File)
	fmt.Println(f == nil, ok)
	sr, ok := r.(*strings.Reader)
	fmt.Println(sr == nil, ok)
	var e error = errors.New("x")
	pe, ok := e.(*os.PathError)
	fmt.Println(pe == nil, ok)
	ne, ok := e.(*strconv.NumError)
	fmt.Println(ne == nil, ok)
	var a any = 3
	wg, ok := a.(*sync.WaitGroup)
	fmt.Println(wg == nil, ok)
	t, ok := a.(time.Time)
	fmt.Println(t.IsZero(), ok)
	d, ok := a.(time.Duration)
	fmt.Println(d, ok)
	tt, ok := a.(*T)
	fmt.Println(tt == nil, ok)
	t2, ok := a.(T)
	fmt.Println(t2, ok)
	sl, ok := a.([]int)
	fmt.Println(sl == nil, ok)
	mp, ok := a.(map[string]int)
	fmt.Println(mp == nil, ok)
	ch, ok := a.(chan int)
	fmt.Println(ch == nil, ok)
	fn, ok := a.(func())
	fmt.Println(fn == nil, ok)
	er, ok := a.(error)
	fmt.Println(er == nil, ok)
	buf, ok := a.(bytes.Buffer)
	fmt.Println(buf.Len(), ok)
	sb, ok := a.(strings.Builder)
	fmt.Println(sb.Len(), ok)
	var v Value = 3
	try("v.(string)", func() { fmt.Println(v.(string)) })
	v = "s"
	try("v.(int)", func() { fmt.Println(v.(int)) })
	try("v.(T)", func() { fmt.Println(v.(T)) })
	try("v.(*T)", func() { fmt.Println(v.(*T)) })
	try("v.(Num)", func() { fmt.Println(v.(Num)) })
	try("v.(fmt.Stringer)", func() { fmt.Println(v.(fmt.Stringer)) })
	v = nil
	try("nil.(int)", func() { fmt.Println(v.(int)) })
	try("nil.(Num)", func() { fmt.Println(v.(Num)) })
	var n Num = T{1}
	try("n.(Named)", func() { fmt.Println(n.(Named)) })
	n = Named(1)
	try("n.(T)", func() { fmt.Println(n.(T)) })
	n = nil
	try("nil n.(T)", func() { fmt.Println(n.(T)) })
	var an any = []int{1}
	try("slice.(map)", func() { fmt.Println(an.(map[string]int)) })
	an = map[string]int{}
	try("map.(slice)", func() { fmt.Println(an.([]string)) })
	an = make(chan int)
	try("chan.(chan string)", func() { fmt.Println(an.(chan string)) })
	an = func(int) string { return "" }
	try("func.(func)", func() { fmt.Println(an.(func())) })
	an = [2]int{1, 2}
	try("arr.([3]int)", func() { fmt.Println(an.([3]int)) })
	an = &T{1}
	try("ptr.(T)", func() { fmt.Println(an.(T)) })
	an = int8(1)
	try("int8.(int)", func() { fmt.Println(an.(int)) })
	an = 'x'
	try("rune.(byte)", func() { fmt.Println(an.(byte)) })
	an = 1.5
	try("f.(float32)", func() { fmt.Println(an.(float32)) })
	an = errors.New("q")
	try("err.(*T)", func() { fmt.Println(an.(*T)) })
	an = time.Second
	try("dur.(int64)", func() { fmt.Println(an.(int64)) })
	an = struct{ X int }{1}
	try("struct.(T)", func() { fmt.Println(an.(T)) })
	try("e.(*T)", func() {
		var e error = io.EOF
		fmt.Println(e.(interface{ Timeout() bool }))
	})
}
