package main

import (
	"fmt"
	"sync"
)

type BoundedQueue struct {
	mu       sync.Mutex
	notFull  *sync.Cond
	notEmpty *sync.Cond
	items    []int
	limit    int
}

func NewBoundedQueue(limit int) *BoundedQueue {
	q := &BoundedQueue{limit: limit}
	q.notFull = sync.NewCond(&q.mu)
	q.notEmpty = sync.NewCond(&q.mu)
	return q
}

func (q *BoundedQueue) Put(x int) {
	q.mu.Lock()
	for len(q.items) == q.limit {
		q.notFull.Wait()
	}
	q.items = append(q.items, x)
	q.mu.Unlock()
	q.notEmpty.Signal()
}

func (q *BoundedQueue) Take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.notEmpty.Wait()
	}
	x := q.items[0]
	q.items = q.items[1:]
	q.notFull.Signal()
	return x
}

func main() {
	q := NewBoundedQueue(3)
	done := make(chan int)
	for p := 0; p < 3; p++ {
		go func(base int) {
			for i := 0; i < 5; i++ {
				q.Put(base + i)
			}
		}(p * 100)
	}
	for c := 0; c < 3; c++ {
		go func() {
			sum := 0
			for i := 0; i < 5; i++ {
				sum += q.Take()
			}
			done <- sum
		}()
	}
	total := 0
	for c := 0; c < 3; c++ {
		total += <-done
	}
	fmt.Println("total:", total, "left:", len(q.items))
}
