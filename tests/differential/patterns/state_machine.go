//go:build ignore

// A state machine in a select: what it listens to is set to nil, or to a channel, as its state has it.
package main

import (
	"bufio"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

// A door that can be opened while it is unlocked, and locks itself when it has been closed for a while.
type door struct {
	open, shut, unlock chan string
	states             chan<- string
	quit               chan bool
}

func (d *door) serve() {
	defer close(d.states)
	state := "locked"
	var open, shut, unlock <-chan string
	var lock <-chan time.Time
	var told chan<- string
	enter := func(next string) {
		state = next
		open, shut, unlock, lock = nil, nil, nil, nil
		switch state {
		case "locked":
			unlock = d.unlock
		case "closed":
			open, lock = d.open, time.After(3*time.Second)
		case "open":
			shut = d.shut
		}
		told = d.states
	}
	enter("locked")
	for {
		// News of the state goes out first.
		if told != nil {
			told <- state
			told = nil
			continue
		}
		select {
		case <-unlock:
			enter("closed")
		case <-open:
			enter("open")
		case <-shut:
			enter("closed")
		case <-lock:
			enter("locked")
		case <-d.quit:
			return
		}
	}
}

func bubble(*testing.T) {
	start := time.Now()
	say := func(words ...any) { fmt.Fprintln(out, append([]any{time.Since(start)}, words...)...) }
	states := make(chan string)
	d := &door{make(chan string), make(chan string), make(chan string), states, make(chan bool)}
	go d.serve()
	finished := make(chan bool)
	go func() {
		for state := range states {
			say("the door is", state)
		}
		say("no more news")
		close(finished)
	}()
	try := func(who string, c chan string, patience time.Duration) {
		select {
		case c <- who:
			say(who, "did it")
		case <-time.After(patience):
			say(who, "could not")
		}
	}
	synctest.Wait()
	try("a burglar opens", d.open, time.Second)
	try("the owner unlocks", d.unlock, time.Second)
	time.Sleep(2 * time.Second)
	try("the owner opens", d.open, time.Second)
	try("a child unlocks", d.unlock, 10*time.Second)
	try("the owner shuts", d.shut, time.Second)
	time.Sleep(5 * time.Second)
	try("a friend opens", d.open, time.Second)
	time.Sleep(time.Second)
	try("the owner unlocks", d.unlock, time.Second)
	d.quit <- true
	<-finished
}

func main() {
	testing.Main(
		func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "bubble", F: func(t *testing.T) {
			synctest.Test(t, bubble)
			out.Flush()
			os.Exit(0)
		}}}, nil, nil)
}
