//go:build ignore

// Unlocking a Mutex that nobody has locked ends the program.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	mu.Lock()
	fmt.Println("locked")
	mu.Unlock()
	fmt.Println("unlocked")
	mu.Unlock()
	fmt.Println("never printed")
}
