// Package errgroup declares what gochan.errgroup has, for the type checker.
package errgroup

import "context"

type Group struct{ _ int }

func WithContext(ctx context.Context) (*Group, context.Context) { panic("declaration") }

func (g *Group) Wait() error { panic("declaration") }

func (g *Group) Go(f func() error) { panic("declaration") }

func (g *Group) TryGo(f func() error) bool { panic("declaration") }

func (g *Group) SetLimit(n int) { panic("declaration") }
