package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

func echo(conn net.Conn) {
	io.Copy(conn, conn)
}

// What net.serve does in gochan: a goroutine per connection,
// recover and log, graceful shutdown.
func serve(ctx context.Context, listener net.Listener,
	handler func(net.Conn), grace time.Duration) error {
	var handlers sync.WaitGroup
	var mu sync.Mutex
	conns := map[net.Conn]bool{}
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	for {
		conn, err := listener.Accept()
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return err
		}
		mu.Lock()
		conns[conn] = true
		mu.Unlock()
		handlers.Go(func() {
			defer func() {
				if err := recover(); err != nil {
					log.Println("error serving", conn.RemoteAddr(), err)
				}
				conn.Close()
				mu.Lock()
				delete(conns, conn)
				mu.Unlock()
			}()
			handler(conn)
		})
	}
	time.AfterFunc(grace, func() {
		mu.Lock()
		defer mu.Unlock()
		for conn := range conns {
			conn.Close()
		}
	})
	handlers.Wait()
	return nil
}

func main() {
	address := flag.String("address", "localhost:4000", "")
	flag.Parse()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	quit, stop := signal.NotifyContext(context.Background(),
		syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	fmt.Println("listening on", listener.Addr())
	if err := serve(quit, listener, echo, time.Second); err != nil {
		log.Fatal(err)
	}
}
