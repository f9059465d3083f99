//go:build ignore

// Publish and subscribe: a broker that owns the subscriptions; slow subscribers lose messages, others don't.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

type message struct{ topic, text string }

type subscription struct {
	name, topic string
	inbox       chan message
}

type broker struct {
	publish     chan message
	subscribe   chan *subscription
	unsubscribe chan *subscription
	quit        chan chan int
}

func (b *broker) serve() {
	var subscribers []*subscription
	delivered := 0
	for {
		select {
		case s := <-b.subscribe:
			subscribers = append(subscribers, s)
			say("broker:", s.name, "wants", s.topic)
		case s := <-b.unsubscribe:
			kept := subscribers[:0]
			for _, other := range subscribers {
				if other != s {
					kept = append(kept, other)
				}
			}
			subscribers = kept
			close(s.inbox)
			say("broker:", s.name, "leaves,", len(subscribers), "stay")
		case m := <-b.publish:
			for _, s := range subscribers {
				if s.topic != m.topic && s.topic != "*" {
					continue
				}
				select {
				case s.inbox <- m:
					delivered++
				default:
					say("broker:", s.name, "misses", m.text)
				}
			}
		case reply := <-b.quit:
			for _, s := range subscribers {
				close(s.inbox)
			}
			reply <- delivered
			return
		}
	}
}

func main() {
	defer out.Flush()
	b := &broker{make(chan message), make(chan *subscription), make(chan *subscription), make(chan chan int)}
	go b.serve()
	var wg sync.WaitGroup
	join := func(name, topic string, capacity int) *subscription {
		s := &subscription{name, topic, make(chan message, capacity)}
		b.subscribe <- s
		wg.Go(func() {
			n := 0
			for m := range s.inbox {
				n++
				say(name, "reads", m.topic, m.text)
			}
			say(name, "has read", n)
		})
		return s
	}
	news := join("Nora", "news", 3)
	join("Wim", "weather", 1)
	join("Ann", "*", 8)
	for i := range 6 {
		topic := []string{"news", "weather", "sports"}[i%3]
		b.publish <- message{topic, fmt.Sprint("item ", i)}
		say("published", topic, i)
	}
	b.unsubscribe <- news
	join("Late", "news", 0)
	for i := range 3 {
		b.publish <- message{"news", fmt.Sprint("extra ", i)}
		b.publish <- message{"weather", fmt.Sprint("storm ", i)}
	}
	reply := make(chan int)
	b.quit <- reply
	say("delivered", <-reply)
	wg.Wait()
}
