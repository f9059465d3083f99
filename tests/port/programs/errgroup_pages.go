package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

type httpError struct {
	url    string
	status int
}

func (e *httpError) Error() string { return fmt.Sprintf("GET %s: status %d", e.url, e.status) }

func fetch(ctx context.Context, url string, delay time.Duration, status int) (string, error) {
	select {
	case <-time.After(delay):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if status >= 400 {
		return "", &httpError{url, status}
	}
	return fmt.Sprintf("<%s>", url), nil
}

func main() {
	type page struct {
		url    string
		delay  time.Duration
		status int
	}
	pages := []page{{"/a", 5 * time.Millisecond, 200}, {"/b", 10 * time.Millisecond, 200}, {"/c", 1 * time.Millisecond, 200}}

	var g errgroup.Group
	bodies := make([]string, len(pages))
	for i, p := range pages {
		i, p := i, p
		g.Go(func() error {
			body, err := fetch(context.Background(), p.url, p.delay, p.status)
			if err == nil {
				bodies[i] = body
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		fmt.Println("unexpected:", err)
	}
	fmt.Println(bodies)

	pages = append(pages, page{"/missing", 2 * time.Millisecond, 404}, page{"/slow", 5 * time.Second, 200})
	group, ctx := errgroup.WithContext(context.Background())
	canceled := make(chan string, len(pages))
	for _, p := range pages {
		group.Go(func() error {
			_, err := fetch(ctx, p.url, p.delay, p.status)
			if errors.Is(err, context.Canceled) && p.url == "/slow" {
				canceled <- p.url
			}
			return err
		})
	}
	err := group.Wait()
	var he *httpError
	if errors.As(err, &he) {
		fmt.Println("first error:", err, "status:", he.status)
	}
	fmt.Println("canceled:", <-canceled)
	fmt.Println(ctx.Err(), context.Cause(ctx) == err)

	var limited errgroup.Group
	limited.SetLimit(2)
	sum := 0
	for i := 1; i <= 4; i++ {
		limited.Go(func() error { sum += i; return nil })
	}
	fmt.Println(limited.Wait(), sum)
}
