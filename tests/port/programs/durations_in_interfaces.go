package main

import (
	"fmt"
	"time"
)

// Durations are only made here, and put into interfaces: nothing else shows what they are made of.

type option struct {
	name  string
	value any
}

func wait() any { return 3 * time.Second }

func main() {
	options := map[string]any{"timeout": 5 * time.Second}
	options["retry"] = 2 * time.Minute
	for _, o := range []option{{"a", time.Second}, {value: time.Hour}} {
		fmt.Println(o.name, o.value)
	}
	var o option
	o.value = 90 * time.Second
	list := []any{1, 2}
	list[0] = time.Millisecond
	var a, b any = 1, time.Second
	literal := func() any { return time.Second }
	fmt.Println(options, o.value, list, a, b, wait(), literal(), map[any]int{time.Second: 1})
}
