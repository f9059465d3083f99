package main

import (
	"fmt"
	"sync"
	"time"
)

type Account struct {
	sync.Mutex
	name    string
	balance int
}

func transfer(from, to *Account, amount int, wg *sync.WaitGroup) {
	defer wg.Done()
	from.Lock()
	defer from.Unlock()
	fmt.Println("locked", from.name)
	time.Sleep(5 * time.Millisecond)
	to.Lock()
	defer to.Unlock()
	from.balance -= amount
	to.balance += amount
	fmt.Println("moved", amount)
}

func main() {
	a, b := &Account{name: "a", balance: 100}, &Account{name: "b", balance: 50}
	var wg sync.WaitGroup
	wg.Add(2)
	go transfer(a, b, 10, &wg)
	go transfer(b, a, 20, &wg)
	wg.Wait()
	fmt.Println("never printed")
}
