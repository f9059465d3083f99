//go:build ignore

// A bank: transfers between accounts, each with a lock of its own, and an auditor who wants to see them all.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

var (
	errPoor = errors.New("not enough money")
	errSame = errors.New("from and to are the same")
)

type account struct {
	id      int
	mu      sync.Mutex
	balance int
}

type bank struct {
	audit    sync.RWMutex
	accounts []*account
	refused  atomic.Int32
}

func (b *bank) transfer(from, to, amount int) error {
	if from == to {
		return errSame
	}
	b.audit.RLock()
	defer b.audit.RUnlock()
	// Always in the order of their ids: two transfers never wait for each other.
	first, second := b.accounts[min(from, to)], b.accounts[max(from, to)]
	first.mu.Lock()
	defer first.mu.Unlock()
	runtime.Gosched()
	second.mu.Lock()
	defer second.mu.Unlock()
	if b.accounts[from].balance < amount {
		b.refused.Add(1)
		return fmt.Errorf("account %d: %w", from, errPoor)
	}
	b.accounts[from].balance -= amount
	b.accounts[to].balance += amount
	return nil
}

func (b *bank) total() int {
	b.audit.Lock()
	defer b.audit.Unlock()
	sum := 0
	for _, a := range b.accounts {
		sum += a.balance
	}
	return sum
}

// A teller has the money in a goroutine of its own, where no lock is needed.
type teller struct {
	deposits  chan int
	withdraws chan withdrawal
	balances  chan int
}

type withdrawal struct {
	amount int
	done   chan bool
}

func (t *teller) serve() {
	balance := 0
	for {
		select {
		case amount := <-t.deposits:
			balance += amount
		case w := <-t.withdraws:
			if w.amount <= balance {
				balance -= w.amount
				w.done <- true
			} else {
				w.done <- false
			}
		case t.balances <- balance:
		}
	}
}

func main() {
	defer out.Flush()
	b := &bank{}
	for i := range 4 {
		b.accounts = append(b.accounts, &account{id: i, balance: 100})
	}
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			for n := range 3 {
				from, to, amount := (i+n)%4, (2*i+1)%4, 30+10*n*i
				err := b.transfer(from, to, amount)
				say("clerk", i, "from", from, "to", to, amount, err, errors.Is(err, errPoor))
			}
		})
	}
	wg.Go(func() {
		for range 3 {
			say("the auditor counts", b.total())
			runtime.Gosched()
		}
	})
	wg.Wait()
	for _, a := range b.accounts {
		say("account", a.id, "has", a.balance)
	}
	say("refused:", b.refused.Load(), "total:", b.total())

	t := &teller{make(chan int), make(chan withdrawal), make(chan int)}
	go t.serve()
	for i := range 3 {
		wg.Go(func() {
			done := make(chan bool)
			t.deposits <- 10 * (i + 1)
			say(i, "sees", <-t.balances)
			t.withdraws <- withdrawal{25, done}
			say(i, "has withdrawn:", <-done)
		})
	}
	wg.Wait()
	say("left", <-t.balances)
}
