package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"time"
)

// Answer one client, until it closes its connection.
func divide(conn net.Conn) error {
	buffer := make([]byte, 100)
	for {
		conn.SetDeadline(time.Now().Add(500 * time.Millisecond))
		n, err := conn.Read(buffer)
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		divisor, err := strconv.Atoi(string(buffer[:n]))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprint(conn, 12/divisor); err != nil {
			return err
		}
	}
}

func handle(conn net.Conn) {
	defer conn.Close()
	defer func() {
		if recover() != nil {
			fmt.Println("server: a client sent a bad request")
		}
	}()
	err := divide(conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		fmt.Println("server: a client sent nothing")
	}
}

func serve(ctx context.Context, listener net.Listener,
	limit int, grace time.Duration) {
	context.AfterFunc(ctx, func() { listener.Close() })
	slots := make(chan struct{}, limit)
	var handlers sync.WaitGroup
	for {
		slots <- struct{}{}
		conn, err := listener.Accept()
		if err != nil {
			break
		}
		stop := context.AfterFunc(ctx, func() {
			time.Sleep(grace)
			conn.Close()
		})
		handlers.Go(func() {
			handle(conn)
			stop()
			<-slots
		})
	}
	handlers.Wait()
}

func ask(conn net.Conn, request string) {
	fmt.Fprint(conn, request)
	read, _ := io.ReadAll(io.LimitReader(conn, 1))
	reply := cmp.Or(string(read), "(connection closed)")
	fmt.Println("client: 12 /", cmp.Or(request, "?"), "=", reply)
}

func main() {
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	ctx, shutDown := context.WithCancel(context.Background())
	var server sync.WaitGroup
	server.Go(func() { serve(ctx, listener, 2, 5*time.Second) })

	dial := func() net.Conn {
		conn, _ := net.Dial("tcp", listener.Addr().String())
		return conn
	}
	for _, request := range []string{"4", "0", ""} {
		conn := dial()
		ask(conn, request)
		conn.Close()
	}
	conn := dial()
	ask(conn, "3")
	fmt.Println("main: shutting down")
	shutDown()
	ask(conn, "2")
	conn.Close()
	server.Wait()
	fmt.Println("server: all clients have left")
}
