//go:build ignore

// What is recovered may be looked at, and thrown again: the next one may recover it, or nobody.
package main

import (
	"errors"
	"fmt"
)

var errTemporary = errors.New("try again later")

func guard(name string, keep func(any) bool, f func()) {
	defer func() {
		fault := recover()
		if fault == nil {
			fmt.Println(name, "saw nothing")
			return
		}
		if keep(fault) {
			fmt.Println(name, "keeps", fault)
			return
		}
		fmt.Println(name, "passes on", fault)
		panic(fault)
	}()
	f()
}

func isText(fault any) bool   { _, ok := fault.(string); return ok }
func isNumber(fault any) bool { _, ok := fault.(int); return ok }
func isError(fault any) bool  { err, ok := fault.(error); return ok && errors.Is(err, errTemporary) }

func all(f func()) {
	guard("number", isNumber, func() {
		guard("error", isError, func() {
			guard("text", isText, f)
		})
	})
}

func main() {
	defer fmt.Println("main's deferred call runs as well")
	all(func() {})
	all(func() { panic("a word") })
	all(func() { panic(fmt.Errorf("disk: %w", errTemporary)) })
	all(func() { panic(7) })
	all(func() {
		defer func() {
			fault := recover()
			fmt.Println("doubled")
			panic(2 * fault.(int))
		}()
		panic(21)
	})
	all(func() {
		all(func() { panic("inner") })
		panic("outer")
	})
	all(func() { panic(errors.New("nobody takes this")) })
}
