//go:build ignore

// An error that main panics with, after a deferred call has recovered another: its text is told.
package main

import (
	"errors"
	"fmt"
)

func guarded() {
	defer func() { fmt.Println("recovered", recover()) }()
	panic("a small fault")
}

func main() {
	defer fmt.Println("main's deferred call runs")
	guarded()
	panic(errors.New("the large fault"))
}
