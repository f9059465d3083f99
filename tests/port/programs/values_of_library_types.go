// Assignments to values of the library's types, through pointers too, and their copies.
package main

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"
)

type logger struct {
	buf bytes.Buffer
	mu  sync.Mutex
	wg  sync.WaitGroup
	sb  strings.Builder
	at  time.Time
}

func (l *logger) reset() {
	l.buf = bytes.Buffer{}
	l.mu = sync.Mutex{}
	l.wg = sync.WaitGroup{}
	l.sb = strings.Builder{}
}

func set(t *time.Time) { *t = time.Unix(5, 0).UTC() }

func clear(b *strings.Builder) { *b = strings.Builder{} }

func main() {
	l := &logger{}
	l.buf.WriteString("x")
	l.sb.WriteString("y")
	l.mu.Lock()
	l.wg.Add(1)
	l.reset()
	l.mu.Lock()
	l.mu.Unlock()
	l.wg.Wait()
	l.buf.WriteString("z")
	clear(&l.sb)
	l.sb.WriteString("w")
	fmt.Println(l.buf.String(), l.sb.String())
	a := time.Unix(1, 0).UTC()
	b := a
	set(&a)
	fmt.Println(a, b)
	set(&l.at)
	fmt.Println(l.at)
	var m sync.Mutex
	m.Lock()
	m = sync.Mutex{}
	m.Lock()
	copies()
}

func copies() {
	x := big.NewInt(5)
	y := *x
	y.Add(&y, big.NewInt(2))
	fmt.Println(x, &y)
	z := *x
	z.Neg(x)
	fmt.Println(x, &z)
	var one bytes.Buffer
	one.WriteString("ab")
	two := one
	two.WriteString("cd")
	fmt.Println(one.String(), two.String())
	r := strings.NewReader("hello")
	s := *r
	s.ReadByte()
	fmt.Println(r.Len(), s.Len())
}
