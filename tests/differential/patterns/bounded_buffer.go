//go:build ignore

// Producers and consumers around a buffer of a mutex and two conditions; readers and writers of a board.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

type buffer[T any] struct {
	mu                sync.Mutex
	notFull, notEmpty *sync.Cond
	items             []T
	limit             int
	closed            bool
}

func newBuffer[T any](limit int) *buffer[T] {
	b := &buffer[T]{limit: limit}
	b.notFull, b.notEmpty = sync.NewCond(&b.mu), sync.NewCond(&b.mu)
	return b
}

func (b *buffer[T]) put(who string, item T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == b.limit {
		say(who, "waits for room")
		b.notFull.Wait()
	}
	b.items = append(b.items, item)
	b.notEmpty.Signal()
}

func (b *buffer[T]) get(who string) (item T, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == 0 {
		if b.closed {
			return item, false
		}
		say(who, "waits for an item")
		b.notEmpty.Wait()
	}
	item, b.items = b.items[0], b.items[1:]
	b.notFull.Signal()
	return item, true
}

func (b *buffer[T]) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.notEmpty.Broadcast()
}

func main() {
	defer out.Flush()
	b := newBuffer[string](2)
	var producers, consumers sync.WaitGroup
	for i := range 2 {
		consumers.Go(func() {
			who := fmt.Sprint("consumer ", i)
			for {
				item, ok := b.get(who)
				if !ok {
					say(who, "goes home")
					return
				}
				say(who, "has", item)
			}
		})
	}
	for i := range 3 {
		producers.Go(func() {
			who := fmt.Sprint("producer ", i)
			for n := range 3 {
				b.put(who, fmt.Sprint(i, ".", n))
				say(who, "has put", n)
			}
		})
	}
	producers.Wait()
	b.close()
	consumers.Wait()

	var board sync.RWMutex
	var wg sync.WaitGroup
	text := "empty"
	for i := range 3 {
		wg.Go(func() {
			for n := range 2 {
				board.Lock()
				text = fmt.Sprint("note ", i, ".", n)
				say("writer", i, "writes", text)
				runtime.Gosched()
				board.Unlock()
			}
		})
		for r := range 2 {
			wg.Go(func() {
				for range 2 {
					board.RLock()
					say("reader", i, r, "reads", text)
					board.RUnlock()
					runtime.Gosched()
				}
			})
		}
	}
	wg.Wait()
}
