// Channels of what may be nil: functions, channels, interfaces and pointers.
package main

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"math/big"
	"os"
	"sync"
	"time"
)

type Fn func(int) int
type Point struct{ x int }
type Shape interface{ Area() int }

func main() {
	try := func(name string, f func()) {
		defer func() {
			if r := recover(); r != nil {
				fmt.Println(name, "PANIC", r)
			}
		}()
		f()
	}
	try("func", func() { c := make(chan func(), 1); c <- nil; fmt.Println(<-c == nil) })
	try("Fn", func() { c := make(chan Fn, 1); var f Fn; c <- f; fmt.Println(<-c == nil) })
	try("chan", func() { c := make(chan chan int, 1); c <- nil; fmt.Println(<-c == nil) })
	try("rchan", func() { c := make(chan (<-chan int), 1); c <- nil; fmt.Println(<-c == nil) })
	try("int ptr", func() { c := make(chan *int, 1); c <- nil; fmt.Println(<-c == nil) })
	try("point", func() { c := make(chan *Point, 1); c <- nil; fmt.Println(<-c == nil) })
	try("slice", func() { c := make(chan []int, 1); c <- nil; fmt.Println(<-c == nil) })
	try("map", func() { c := make(chan map[string]int, 1); c <- nil; fmt.Println(<-c == nil) })
	try("error", func() { c := make(chan error, 1); c <- nil; fmt.Println(<-c == nil) })
	try("any", func() { c := make(chan any, 1); c <- nil; fmt.Println(<-c == nil) })
	try("shape", func() { c := make(chan Shape, 1); c <- nil; fmt.Println(<-c == nil) })
	try("buf", func() { c := make(chan *bytes.Buffer, 1); c <- nil; fmt.Println(<-c == nil) })
	try("elem", func() { c := make(chan *list.Element, 1); c <- nil; fmt.Println(<-c == nil) })
	try("list", func() { c := make(chan *list.List, 1); c <- nil; fmt.Println(<-c == nil) })
	try("big", func() { c := make(chan *big.Int, 1); c <- nil; fmt.Println(<-c == nil) })
	try("ctx", func() { c := make(chan context.Context, 1); c <- nil; fmt.Println(<-c == nil) })
	try("cancel", func() { c := make(chan context.CancelFunc, 1); c <- nil; fmt.Println(<-c == nil) })
	try("signal", func() { c := make(chan os.Signal, 1); c <- nil; fmt.Println(<-c == nil) })
	try("timer", func() { c := make(chan *time.Timer, 1); c <- nil; fmt.Println(<-c == nil) })
	try("mutex", func() { c := make(chan *sync.Mutex, 1); c <- nil; fmt.Println(<-c == nil) })
	try("wg", func() { c := make(chan *sync.WaitGroup, 1); c <- nil; fmt.Println(<-c == nil) })
	try("cond", func() { c := make(chan *sync.Cond, 1); c <- nil; fmt.Println(<-c == nil) })
	try("locker", func() { c := make(chan sync.Locker, 1); c <- nil; fmt.Println(<-c == nil) })
	try("file", func() { c := make(chan *os.File, 1); c <- nil; fmt.Println(<-c == nil) })
	try("time", func() { c := make(chan time.Time, 1); c <- time.Time{}; fmt.Println((<-c).IsZero()) })
	try("loc", func() { c := make(chan *time.Location, 1); c <- nil; fmt.Println(<-c == nil) })
	try("arr", func() { c := make(chan *[3]int, 1); c <- nil; fmt.Println(<-c == nil) })
	try("ptrslice", func() { c := make(chan *[]int, 1); c <- nil; fmt.Println(<-c == nil) })
	try("ptrptr", func() { c := make(chan **Point, 1); c <- nil; fmt.Println(<-c == nil) })
	try("sel", func() {
		c := make(chan func() int, 1)
		select {
		case c <- nil:
		default:
		}
		fmt.Println(<-c == nil)
		close(c)
		f, ok := <-c
		fmt.Println(f == nil, ok)
	})
	try("chch", func() {
		c := make(chan chan<- string, 1)
		var z chan string
		select {
		case c <- z:
		}
		fmt.Println(<-c == nil)
	})
	try("structfield", func() {
		type job struct {
			fn   func()
			done chan bool
		}
		c := make(chan job, 1)
		c <- job{}
		j := <-c
		fmt.Println(j.fn == nil, j.done == nil)
	})
	try("direction", func() {
		made := make(chan int, 1)
		made <- 7
		var ch <-chan int = made
		fmt.Println(<-ch)
		ch = nil
		select {
		case v := <-ch:
			fmt.Println(v)
		default:
			fmt.Println(ch == nil)
		}
	})
	try("closed", func() {
		closed := make(chan chan string, 1)
		close(closed)
		none := <-closed
		next := make(chan chan string, 1)
		next <- none
		fmt.Println(<-next == nil)
	})
	try("closed in select", func() {
		closed := make(chan *float64)
		close(closed)
		next := make(chan *float64, 1)
		select {
		case none := <-closed:
			next <- none
		}
		fmt.Println(<-next == nil)
	})
}
