package main

import (
	"errors"
	"fmt"
	"sync"
)

var ErrNoAccount = errors.New("no such account")

type InsufficientFundsError struct {
	Account string
	Balance float64
	Needed  float64
}

func (e *InsufficientFundsError) Error() string {
	return fmt.Sprintf("account %s: balance %.2f is less than %.2f", e.Account, e.Balance, e.Needed)
}

type op struct {
	kind    string
	account string
	amount  float64
	reply   chan error
}

type Bank struct {
	accounts map[string]float64
	ops      chan op
	quit     chan struct{}
}

func NewBank() *Bank {
	b := &Bank{accounts: map[string]float64{"alice": 100, "bob": 50.5}, ops: make(chan op), quit: make(chan struct{})}
	go b.loop()
	return b
}

func (b *Bank) loop() {
	for {
		select {
		case o := <-b.ops:
			balance, ok := b.accounts[o.account]
			if !ok {
				o.reply <- fmt.Errorf("%s %q: %w", o.kind, o.account, ErrNoAccount)
				continue
			}
			switch o.kind {
			case "deposit":
				b.accounts[o.account] += o.amount
			case "withdraw":
				if balance < o.amount {
					o.reply <- &InsufficientFundsError{o.account, balance, o.amount}
					break
				}
				b.accounts[o.account] -= o.amount
			}
			select {
			case o.reply <- nil:
			default:
			}
		case <-b.quit:
			return
		}
	}
}

func (b *Bank) do(kind, account string, amount float64) error {
	reply := make(chan error, 1)
	b.ops <- op{kind, account, amount, reply}
	return <-reply
}

func main() {
	b := NewBank()
	var wg sync.WaitGroup
	for i := 0; i < 10; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_ = b.do("deposit", "alice", 10.25)
		}()
	}
	wg.Wait()
	for _, err := range []error{
		b.do("withdraw", "alice", 2.5),
		b.do("withdraw", "bob", 1000),
		b.do("deposit", "carol", 1),
	} {
		var funds *InsufficientFundsError
		switch {
		case err == nil:
			fmt.Println("ok")
		case errors.As(err, &funds):
			fmt.Printf("missing %.1f: %v\n", funds.Needed-funds.Balance, err)
		case errors.Is(err, ErrNoAccount):
			fmt.Println("unknown account:", err)
		}
	}
	close(b.quit)
	fmt.Println(b.accounts)
	fmt.Printf("%.3f %v\n", b.accounts["alice"], b.accounts["nobody"])
}
