package main

import (
	"container/list"
	"fmt"
	"sync"
)

type entry[K comparable, V any] struct {
	key   K
	value V
}

type LRU[K comparable, V any] struct {
	mu       sync.Mutex
	capacity int
	order    *list.List
	items    map[K]*list.Element
	hits     int
	misses   int
}

func NewLRU[K comparable, V any](capacity int) *LRU[K, V] {
	return &LRU[K, V]{
		capacity: capacity,
		order:    list.New(),
		items:    make(map[K]*list.Element, capacity),
	}
}

func (c *LRU[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, found := c.items[key]; found {
		c.hits++
		c.order.MoveToFront(e)
		return e.Value.(*entry[K, V]).value, true
	}
	c.misses++
	return
}

func (c *LRU[K, V]) Put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, found := c.items[key]; found {
		e.Value.(*entry[K, V]).value = value
		c.order.MoveToFront(e)
		return
	}
	if c.order.Len() >= c.capacity {
		oldest := c.order.Back()
		c.order.Remove(oldest)
		delete(c.items, oldest.Value.(*entry[K, V]).key)
	}
	c.items[key] = c.order.PushFront(&entry[K, V]{key, value})
}

func (c *LRU[K, V]) Keys() []K {
	keys := make([]K, 0, c.order.Len())
	for e := c.order.Front(); e != nil; e = e.Next() {
		keys = append(keys, e.Value.(*entry[K, V]).key)
	}
	return keys
}

func main() {
	cache := NewLRU[string, int](2)
	cache.Put("a", 1)
	cache.Put("b", 2)
	fmt.Println(cache.Get("a"))
	cache.Put("c", 3)
	fmt.Println(cache.Get("b"))
	cache.Put("a", 10)
	fmt.Println(cache.Get("a"))
	fmt.Println(cache.Keys(), cache.hits, cache.misses)

	squares := NewLRU[int, float64](3)
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			squares.Put(i, float64(i)*1.5)
		}()
	}
	wg.Wait()
	fmt.Println(len(squares.items))
}
