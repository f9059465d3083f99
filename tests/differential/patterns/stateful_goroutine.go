//go:build ignore

// A goroutine that owns a bounded stack: it listens for a push only while there is room, for a pop only while
// there is something; and one that counts, under a mutex and as an owner.
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

func stack(limit int, push <-chan string, pop chan<- string, sizes chan<- int, quit <-chan bool) {
	var items []string
	for {
		in, to, top := push, pop, ""
		if len(items) == limit {
			in = nil
		}
		if len(items) == 0 {
			to = nil
		} else {
			top = items[len(items)-1]
		}
		select {
		case item := <-in:
			items = append(items, item)
			say("pushed", item, "of", len(items))
		case to <- top:
			items = items[:len(items)-1]
			say("popped", top, "of", len(items)+1)
		case sizes <- len(items):
		case <-quit:
			say("left on the stack:", items)
			quitAnswer <- true
			return
		}
	}
}

var quitAnswer = make(chan bool)

func main() {
	defer out.Flush()
	push, pop, sizes, quit := make(chan string), make(chan string), make(chan int), make(chan bool)
	go stack(3, push, pop, sizes, quit)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			for n := range 3 {
				push <- fmt.Sprint(string(rune('a'+i)), n)
				say("producer", i, "has pushed", n)
			}
		})
	}
	runtime.Gosched()
	say("size", <-sizes)
	// A push fills it again before the next pop: with both ready, chance would choose.
	for range 7 {
		say("main has", <-pop)
		runtime.Gosched()
	}
	wg.Wait()
	say("size", <-sizes)
	quit <- true
	<-quitAnswer

	var mu sync.Mutex
	words := map[string]int{}
	text := []string{"go", "chan", "go", "select", "chan", "go"}
	for i, word := range text {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			n := words[word]
			runtime.Gosched()
			words[word] = n + 1
			say(i, word, n+1)
		})
	}
	wg.Wait()
	mu.Lock()
	say(words["go"], words["chan"], words["select"], len(words))
	mu.Unlock()
}
