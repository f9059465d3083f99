package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// How long a client may keep a connection without a request, how large a request may be, and how long
// requests have to finish at the end.
const (
	idle    = 60 * time.Second
	largest = 1 << 20
	grace   = 10 * time.Second
)

type Handler func(ctx context.Context,
	r *http.Request, body []byte) (int, string)

// Serve a request within its time limit, and answer a panic by a 500.
func (handler Handler) serve(each time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), each)
		defer cancel()
		defer func() {
			if err := recover(); err != nil {
				log.Println(r.Method, r.URL.Path, err)
				w.WriteHeader(500)
				io.WriteString(w, "internal server error\n")
			}
		}()
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			w.WriteHeader(413)
			return
		} else if err != nil {
			w.WriteHeader(408)
			return
		}
		status, text := handler(ctx, r, body)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		io.WriteString(w, text)
	}
}

func answer(ctx context.Context,
	r *http.Request, body []byte) (int, string) {
	switch {
	case r.URL.Path == "/":
		return 200, "hello\n"
	case r.Method == "POST" && r.URL.Path == "/echo":
		return 200, string(body)
	case r.URL.Path == "/sleep":
		seconds, err := strconv.ParseFloat(r.URL.Query().Get("seconds"), 64)
		if err != nil {
			panic(err)
		}
		if sleep(ctx, seconds) != nil {
			return 503, "too late\n"
		}
		return 200, "slept well\n"
	case r.URL.Path == "/fail":
		panic("as you wish")
	case r.URL.Path == "/goroutines":
		return 200, fmt.Sprintln(runtime.NumGoroutine())
	default:
		return 404, "not found\n"
	}
}

func sleep(ctx context.Context, seconds float64) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(seconds * float64(time.Second))):
		return nil
	}
}

func main() {
	address := flag.String("address", "localhost:8080", "")
	each := flag.Float64("each", 5, "seconds for a request")
	flag.Parse()
	quit, stop := signal.NotifyContext(context.Background(),
		syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())
	limit := time.Duration(*each * float64(time.Second))
	server := &http.Server{
		Handler:     Handler(answer).serve(limit),
		ReadTimeout: limit,
		// The write follows the handler, which takes the limit at most.
		WriteTimeout: 2 * limit,
		IdleTimeout:  idle,
	}
	finished := make(chan error)
	go func() {
		<-quit.Done()
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		finished <- server.Shutdown(ctx)
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	if err := <-finished; err != nil {
		server.Close()
	}
}
