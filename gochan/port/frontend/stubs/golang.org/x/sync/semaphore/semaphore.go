// Package semaphore declares what gochan.semaphore has, for the type checker.
package semaphore

import "context"

type Weighted struct{ _ int }

func NewWeighted(n int64) *Weighted { panic("declaration") }

func (s *Weighted) Acquire(ctx context.Context, n int64) error { panic("declaration") }

func (s *Weighted) Release(n int64) { panic("declaration") }

func (s *Weighted) TryAcquire(n int64) bool { panic("declaration") }
