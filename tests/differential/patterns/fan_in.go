//go:build ignore

// Fan-in: streams merged by a select, by a goroutine each, and in turns that the reader gives.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

func speaker(name string, n int) <-chan string {
	words := make(chan string)
	go func() {
		defer close(words)
		for i := range n {
			words <- fmt.Sprint(name, " ", i)
		}
	}()
	return words
}

// merge has a goroutine for each stream, and one that closes the result after the last.
func merge(streams ...<-chan string) <-chan string {
	merged := make(chan string)
	var wg sync.WaitGroup
	for i, stream := range streams {
		wg.Go(func() {
			for word := range stream {
				merged <- word
			}
			say("stream", i, "has ended")
		})
	}
	go func() {
		wg.Wait()
		close(merged)
	}()
	return merged
}

// alternate selects among two, and lets go of the one that has ended.
func alternate(a, b <-chan string) <-chan string {
	merged := make(chan string)
	go func() {
		defer close(merged)
		// One is listened to at a time: with both ready, chance would choose.
		now, later := a, b
		for now != nil {
			select {
			case word, more := <-now:
				if !more {
					now, later = later, nil
					continue
				}
				merged <- word
				if later != nil {
					now, later = later, now
				}
			case word := <-(chan string)(nil):
				say("never printed", word)
			}
		}
	}()
	return merged
}

type letter struct {
	text string
	wait chan bool
}

// polite speakers go on only when the reader says so.
func polite(name string) <-chan letter {
	letters := make(chan letter)
	wait := make(chan bool)
	go func() {
		for i := range 3 {
			letters <- letter{fmt.Sprint(name, " ", i), wait}
			say(name, "goes on:", <-wait)
		}
	}()
	return letters
}

// reduce merges many into one, two by two.
func reduce(streams []<-chan string) <-chan string {
	switch len(streams) {
	case 0:
		none := make(chan string)
		close(none)
		return none
	case 1:
		return streams[0]
	}
	half := len(streams) / 2
	return alternate(reduce(streams[:half]), reduce(streams[half:]))
}

func main() {
	defer out.Flush()
	for word := range merge(speaker("ann", 3), speaker("bob", 5), speaker("cid", 2)) {
		say(word)
	}
	for word := range alternate(speaker("dot", 2), speaker("eve", 4)) {
		say(word)
	}
	both := make(chan letter)
	for _, letters := range []<-chan letter{polite("fay"), polite("gus")} {
		go func() {
			for l := range letters {
				both <- l
			}
		}()
	}
	for range 3 {
		one, two := <-both, <-both
		say(one.text)
		say(two.text)
		one.wait <- true
		two.wait <- true
	}
	var many []<-chan string
	for i := range 5 {
		many = append(many, speaker(string(rune('v'+i)), 1+i%3))
	}
	for word := range reduce(many) {
		say(word)
	}
}
