package main

import (
	"errors"
	"fmt"
	"unsafe"
)

type pt struct {
	a int8
	b int64
}
type myErr struct{ n int }

func (e *myErr) Error() string { return "my" }

func main() {
	var x int32
	fmt.Println(unsafe.Sizeof(x), unsafe.Sizeof(pt{}), unsafe.Offsetof(pt{}.b), unsafe.Alignof(x))
	p := &pt{}
	q := &pt{}
	fmt.Println(uintptr(unsafe.Pointer(p)) == uintptr(unsafe.Pointer(q)), uintptr(unsafe.Pointer(p)) == uintptr(unsafe.Pointer(p)))
	err := fmt.Errorf("x: %w", &myErr{3})
	if e, ok := errors.AsType[*myErr](err); ok {
		fmt.Println(e.n)
	}
	_, ok := errors.AsType[*myErr](errors.New("s"))
	fmt.Println(ok)
}
