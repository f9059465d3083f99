package main

import (
	"fmt"
	"time"
)

func main() {
	ts := make([]*time.Timer, 3)
	fmt.Println(ts[0] == nil, len(ts))
	for i := range ts {
		ts[i] = time.AfterFunc(time.Hour, func() {})
	}
	for _, t := range ts {
		fmt.Println(t.Stop())
	}
}
