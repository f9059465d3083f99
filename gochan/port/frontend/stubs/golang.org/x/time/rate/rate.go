// Package rate declares what gochan.rate has, for the type checker.
package rate

import (
	"context"
	"math"
	"time"
)

type Limit float64

const Inf = Limit(math.MaxFloat64)

const InfDuration = time.Duration(math.MaxInt64)

func Every(interval time.Duration) Limit { panic("declaration") }

type Limiter struct{ _ int }

func NewLimiter(r Limit, b int) *Limiter { panic("declaration") }

func (lim *Limiter) Limit() Limit { panic("declaration") }

func (lim *Limiter) Burst() int { panic("declaration") }

func (lim *Limiter) Tokens() float64 { panic("declaration") }

func (lim *Limiter) TokensAt(t time.Time) float64 { panic("declaration") }

func (lim *Limiter) Allow() bool { panic("declaration") }

func (lim *Limiter) AllowN(t time.Time, n int) bool { panic("declaration") }

func (lim *Limiter) Reserve() *Reservation { panic("declaration") }

func (lim *Limiter) ReserveN(t time.Time, n int) *Reservation { panic("declaration") }

func (lim *Limiter) Wait(ctx context.Context) (err error) { panic("declaration") }

func (lim *Limiter) WaitN(ctx context.Context, n int) (err error) { panic("declaration") }

func (lim *Limiter) SetLimit(newLimit Limit) { panic("declaration") }

func (lim *Limiter) SetLimitAt(t time.Time, newLimit Limit) { panic("declaration") }

func (lim *Limiter) SetBurst(newBurst int) { panic("declaration") }

func (lim *Limiter) SetBurstAt(t time.Time, newBurst int) { panic("declaration") }

type Reservation struct{ _ int }

func (r *Reservation) OK() bool { panic("declaration") }

func (r *Reservation) Delay() time.Duration { panic("declaration") }

func (r *Reservation) DelayFrom(t time.Time) time.Duration { panic("declaration") }

func (r *Reservation) Cancel() { panic("declaration") }

func (r *Reservation) CancelAt(t time.Time) { panic("declaration") }

type Sometimes struct {
	First    int
	Every    int
	Interval time.Duration
	_        int
}

func (s *Sometimes) Do(f func()) { panic("declaration") }
