package main

import (
	"fmt"
	"sort"
	"strings"
	"sync"
)

type Event interface{ Topic() string }

type UserCreated struct{ Name string }
type OrderPlaced struct {
	ID    int
	Items map[string]int
}

func (UserCreated) Topic() string  { return "user.created" }
func (*OrderPlaced) Topic() string { return "order.placed" }

type Handler func(Event) error

type Bus struct {
	mu       sync.RWMutex
	handlers map[string][]Handler
	wg       sync.WaitGroup
	errs     chan error
}

func (b *Bus) On(topic string, h Handler) (cancel func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.handlers == nil {
		b.handlers = make(map[string][]Handler)
	}
	b.handlers[topic] = append(b.handlers[topic], h)
	i := len(b.handlers[topic]) - 1
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.handlers[topic][i] = nil
	}
}

func (b *Bus) Emit(e Event) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, h := range b.handlers[e.Topic()] {
		if h == nil {
			continue
		}
		b.wg.Add(1)
		go func() {
			defer b.wg.Done()
			defer func() {
				if r := recover(); r != nil {
					b.errs <- fmt.Errorf("handler of %s panicked: %v", e.Topic(), r)
				}
			}()
			if err := h(e); err != nil {
				b.errs <- err
			}
		}()
	}
}

func (b *Bus) Close() (all []string) {
	go func() { b.wg.Wait(); close(b.errs) }()
	for err := range b.errs {
		all = append(all, err.Error())
	}
	sort.Strings(all)
	return
}

func main() {
	bus := &Bus{errs: make(chan error)}
	var mu sync.Mutex
	var log []string
	note := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		log = append(log, fmt.Sprintf(format, args...))
	}
	bus.On("user.created", func(e Event) error {
		u := e.(UserCreated)
		note("welcome %s", u.Name)
		if u.Name == "" {
			return fmt.Errorf("user without name: %+v", u)
		}
		return nil
	})
	cancel := bus.On("user.created", func(e Event) error { note("audit %v %T", e, e); return nil })
	bus.On("order.placed", func(e Event) error {
		switch o := e.(type) {
		case *OrderPlaced:
			total := 0
			for _, n := range o.Items {
				total += n
			}
			note("order %d: %d items", o.ID, total)
			o.Items["checked"] = 1 // panics on a nil map
		case interface{ Topic() string }:
			note("other")
		}
		return nil
	})
	bus.Emit(UserCreated{"ann"})
	bus.Emit(&OrderPlaced{ID: 7, Items: map[string]int{"pen": 2, "ink": 3}})
	bus.wg.Wait()
	cancel()
	bus.Emit(UserCreated{})
	bus.Emit(&OrderPlaced{ID: 8})
	errs := bus.Close()
	sort.Strings(log)
	fmt.Println(strings.Join(log, "\n"))
	fmt.Println(strings.Join(errs, "\n"))
}
