package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

type slow struct{ d time.Duration }

func (s slow) Error() string { return "slow" }
func (s slow) Timeout() bool { return s.d > time.Second }

func kind(err error) string {
	switch e := err.(type) {
	case nil:
		return "none"
	case net.Error:
		return fmt.Sprint("net ", e.Timeout())
	default:
		return "other"
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	err := fmt.Errorf("wrapped: %w", ctx.Err())
	var te interface{ Timeout() bool }
	fmt.Println(errors.As(err, &te), te != nil && te.Timeout())
	fmt.Println(kind(ctx.Err()), kind(nil), kind(errors.New("x")))
	var ne net.Error
	if errors.As(err, &ne) {
		fmt.Println("net.Error", ne.Timeout(), ne)
	}
	if t, ok := ctx.Err().(interface{ Timeout() bool }); ok && t.Timeout() {
		fmt.Println("asserted")
	}
	fmt.Println(ctx.Err() == context.DeadlineExceeded, errors.Is(err, context.DeadlineExceeded))
	var x any = errors.New("x")
	_, ok := x.(interface{ Timeout() bool })
	fmt.Println(ok)
	c, cancel2 := context.WithCancel(context.Background())
	cancel2()
	fmt.Println(errors.As(c.Err(), &te), kind(c.Err()))
	for _, err := range []error{
		nil, ctx.Err(), context.DeadlineExceeded, context.Canceled, os.ErrDeadlineExceeded, os.ErrNotExist,
		slow{1}, slow{time.Hour}, &os.PathError{Op: "op", Path: "p", Err: slow{time.Hour}}, errors.New("x"),
		fmt.Errorf("wrapped: %w", ctx.Err()),
	} {
		fmt.Print(os.IsTimeout(err), " ")
	}
	fmt.Println()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err == nil {
			time.Sleep(100 * time.Millisecond)
			conn.Close()
		}
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	conn.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
	_, err = conn.Read(make([]byte, 4))
	fmt.Println(kind(err))
	if errors.As(err, &ne) {
		fmt.Println(ne.Timeout())
	}
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
}
