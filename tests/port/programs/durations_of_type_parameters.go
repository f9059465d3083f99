package main

import (
	"fmt"
	"time"
)

type box[T any] struct{ v T }

func (b box[T]) show() { fmt.Println(b.v) }

func show[T any](x T) { fmt.Println(x) }

func main() {
	show(time.Second)
	show([]time.Duration{time.Minute})
	box[time.Duration]{v: time.Hour}.show()
	f := show[time.Duration]
	f(time.Millisecond)
}
