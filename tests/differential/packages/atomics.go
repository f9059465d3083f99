//go:build ignore

// Atomic integers wrap at their width; a Value keeps to the type of its first; a Pointer goes by identity.
package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func try(f func()) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintln(out, "panics:", fault)
		}
	}()
	f()
}

func main() {
	defer out.Flush()
	var i32 atomic.Int32
	var i64 atomic.Int64
	var u32 atomic.Uint32
	var u64 atomic.Uint64
	i32.Store(math.MaxInt32)
	i64.Store(math.MinInt64)
	fmt.Fprintln(out, i32.Add(1), i64.Add(-1), u32.Add(^uint32(0)), u64.Add(^uint64(0)))
	fmt.Fprintln(out, i32.Load(), i64.Load(), u32.Load(), u64.Load())
	fmt.Fprintln(out, u32.Add(5), u64.Add(7), i32.Add(math.MinInt32), i64.Add(math.MaxInt64))
	fmt.Fprintln(out, i32.Swap(-9), i64.Swap(-9), u32.Swap(math.MaxUint32), u64.Swap(math.MaxUint64))
	fmt.Fprintln(out, i32.And(0x0f), i64.And(-4), u32.And(0xff00), u64.And(1<<63))
	fmt.Fprintln(out, i32.Or(math.MinInt32), i64.Or(2), u32.Or(0x1ff), u64.Or(3))
	fmt.Fprintln(out, i32.CompareAndSwap(7, 1), i64.CompareAndSwap(-10, 1), u32.CompareAndSwap(1, 1), u64.CompareAndSwap(0, 1))
	fmt.Fprintln(out, i32.Load(), i64.Load(), u32.Load(), u64.Load())

	var b atomic.Bool
	fmt.Fprintln(out, b.Load(), b.Swap(true), b.CompareAndSwap(false, true), b.CompareAndSwap(true, false), b.Load())
	b.Store(true)
	fmt.Fprintln(out, b.Load())

	var v atomic.Value
	fmt.Fprintln(out, v.Load())
	fmt.Fprintln(out, v.CompareAndSwap("x", "y"), v.CompareAndSwap(nil, "first"), v.Load())
	v.Store("second")
	fmt.Fprintln(out, v.Swap("third"), v.CompareAndSwap("second", "no"), v.CompareAndSwap("third", "fourth"), v.Load())
	try(func() { v.Store(nil) })
	try(func() { v.Store(4) })
	try(func() { v.Swap(nil) })
	try(func() { v.Swap(4) })
	try(func() { v.CompareAndSwap("fourth", nil) })
	try(func() { v.CompareAndSwap("fourth", 4) })
	try(func() { v.CompareAndSwap(3, 4) })

	one, other := &[]int{1}, &[]int{1}
	var p atomic.Pointer[[]int]
	fmt.Fprintln(out, p.Load() == nil, p.CompareAndSwap(nil, one), p.CompareAndSwap(other, nil), p.Load() == one)
	fmt.Fprintln(out, p.Swap(other) == one, *p.Load())

	var wg sync.WaitGroup
	var total atomic.Int64
	for i := range 4 {
		wg.Go(func() {
			for n := range 2 {
				for {
					old := total.Load()
					runtime.Gosched()
					if total.CompareAndSwap(old, old+int64(i*n)) {
						fmt.Fprintln(out, i, "adds", i*n, "to", old)
						break
					}
				}
			}
		})
	}
	wg.Wait()
	fmt.Fprintln(out, "total", total.Load())
}
