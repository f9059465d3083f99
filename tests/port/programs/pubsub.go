package main

import (
	"fmt"
	"strings"
	"sync"
)

type Message struct {
	Topic   string
	Payload interface{}
}

type Broker struct {
	mu     sync.RWMutex
	subs   map[string][]chan Message
	closed bool
}

func NewBroker() *Broker {
	return &Broker{subs: make(map[string][]chan Message)}
}

func (b *Broker) Subscribe(topic string) <-chan Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	ch := make(chan Message, 8)
	b.subs[topic] = append(b.subs[topic], ch)
	return ch
}

func (b *Broker) Publish(topic string, payload interface{}) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.closed {
		return 0
	}
	n := 0
	for t, subs := range b.subs {
		if t != topic && !strings.HasPrefix(topic, t+".") {
			continue
		}
		for _, ch := range subs {
			ch <- Message{topic, payload}
			n++
		}
	}
	return n
}

func (b *Broker) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.closed = true
		for _, subs := range b.subs {
			for _, ch := range subs {
				close(ch)
			}
		}
	}
}

func main() {
	b := NewBroker()
	sports := b.Subscribe("sports")
	tennis := b.Subscribe("sports.tennis")
	news := b.Subscribe("news")

	fmt.Println("delivered:", b.Publish("sports.tennis", "6-4 7-5"))
	fmt.Println("delivered:", b.Publish("sports", 42))
	fmt.Println("delivered:", b.Publish("news", []string{"rain", "wind"}))
	fmt.Println("delivered:", b.Publish("weather", nil))
	b.Close()
	b.Close()
	fmt.Println("delivered:", b.Publish("news", "late"))

	for _, sub := range []struct {
		name string
		ch   <-chan Message
	}{{"sports", sports}, {"tennis", tennis}, {"news", news}} {
		for m := range sub.ch {
			switch p := m.Payload.(type) {
			case string:
				fmt.Printf("%s: string %q on %s\n", sub.name, p, m.Topic)
			case int:
				fmt.Printf("%s: int %d\n", sub.name, p)
			default:
				fmt.Printf("%s: %T %v\n", sub.name, p, p)
			}
		}
	}
}
