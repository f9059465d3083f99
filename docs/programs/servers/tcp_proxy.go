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

func copyHalf(source, sink *net.TCPConn) error {
	if _, err := io.Copy(sink, source); err != nil {
		return err
	}
	return sink.CloseWrite()
}

func proxy(ctx context.Context, client *net.TCPConn, backend string,
	dialer *net.Dialer, grace time.Duration) error {
	defer client.Close()
	conn, err := dialer.DialContext(ctx, "tcp", backend)
	if err != nil {
		return err
	}
	server := conn.(*net.TCPConn)
	defer server.Close()
	// After the grace period, both ends are closed.
	defer context.AfterFunc(ctx, func() {
		time.Sleep(grace)
		client.Close()
		server.Close()
	})()
	errs := make(chan error, 2)
	go func() { errs <- copyHalf(client, server) }()
	go func() { errs <- copyHalf(server, client) }()
	if err := <-errs; err != nil {
		return err // closes both, so that the other direction ends
	}
	return <-errs
}

func main() {
	address := flag.String("address", "localhost:4001", "")
	limit := flag.Int("limit", 1000, "how many connections at a time")
	grace := flag.Float64("grace", 1,
		"seconds that connections have at the end")
	flag.Parse()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	quit, stop := signal.NotifyContext(context.Background(),
		syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	fmt.Println("listening on", listener.Addr())
	context.AfterFunc(quit, func() { listener.Close() })
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	patience := time.Duration(*grace * float64(time.Second))
	slots := make(chan struct{}, *limit)
	var handlers sync.WaitGroup
	for {
		slots <- struct{}{}
		conn, err := listener.Accept()
		if err != nil {
			break
		}
		handlers.Go(func() {
			defer func() { <-slots }()
			err := proxy(quit, conn.(*net.TCPConn),
				flag.Arg(0), dialer, patience)
			if err != nil {
				log.Println(err)
			}
		})
	}
	handlers.Wait()
}
