// Functions init, and a main that defers.
package main

import (
	"fmt"
	"sync"
)

var (
	mu    sync.Mutex
	steps []string
)

func init() {
	defer func() { steps = append(steps, "deferred by init") }()
	steps = append(steps, "init")
}

func main() {
	mu.Lock()
	defer mu.Unlock()
	defer fmt.Println("deferred by main")
	defer func() { fmt.Println(recover()) }()
	fmt.Println(steps)
	panic("in main")
}
