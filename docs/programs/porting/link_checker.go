package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"
)

// --- the site ---

type page struct {
	delay time.Duration
	links []string
}

const ms = time.Millisecond

var site = map[string]page{
	"/":        {21 * ms, []string{"/docs", "/blog", "/about"}},
	"/docs":    {34 * ms, []string{"/docs/go", "/docs/py", "/"}},
	"/docs/go": {53 * ms, []string{"/docs", "/gone"}},
	"/docs/py": {13 * ms, []string{"/docs"}},
	"/blog":    {62 * ms, []string{"/blog/1", "/blog/2"}},
	"/blog/1":  {11 * ms, []string{"/about", "/lost"}},
	"/blog/2":  {400 * ms, []string{"/"}},
	"/about":   {27 * ms, nil},
}

// --- fetching one page ---

var errNotFound = errors.New("not found")

func fetch(ctx context.Context, url string) ([]string, error) {
	p, ok := site[url]
	if !ok {
		return nil, fmt.Errorf("%s: %w", url, errNotFound)
	}
	select {
	case <-time.After(p.delay):
		return p.links, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// --- the workers ---

type link struct{ from, to string }

type outcome struct {
	link  link
	links []string
	err   error
}

func work(ctx context.Context,
	todo <-chan link, done chan<- outcome) error {
	for l := range todo {
		links, err := fetch(ctx, l.to)
		if err != nil && !errors.Is(err, errNotFound) {
			return fmt.Errorf("fetching %s: %w", l.to, err)
		}
		done <- outcome{l, links, err}
	}
	return nil
}

// --- the boss ---

func boss(ctx context.Context, todo chan<- link,
	done <-chan outcome, broken *[]link) error {
	defer close(todo)
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	queue := []link{{"", "/"}}
	seen := map[string]bool{"/": true}
	for pending := 0; len(queue) > 0 || pending > 0; {
		// nil disables the send while the queue is empty
		var out chan<- link
		var head link
		if len(queue) > 0 {
			out, head = todo, queue[0]
		}
		select {
		case out <- head:
			queue = queue[1:]
			pending++
		case o := <-done:
			pending--
			if o.err != nil {
				*broken = append(*broken, o.link)
			}
			for _, to := range o.links {
				if !seen[to] {
					seen[to] = true
					queue = append(queue, link{o.link.to, to})
				}
			}
		case <-ticker.C:
			fmt.Printf("%d pages known, %d on their way\n",
				len(seen), pending)
		case <-ctx.Done():
			return nil // a worker reports why
		}
	}
	return nil
}

// --- the check ---

func check(parent context.Context, workers int) ([]link, error) {
	g, ctx := errgroup.WithContext(parent)
	todo, done := make(chan link), make(chan outcome, workers)
	for range workers {
		g.Go(func() error { return work(ctx, todo, done) })
	}
	var broken []link
	g.Go(func() error { return boss(ctx, todo, done, &broken) })
	err := g.Wait()
	slices.SortFunc(broken, func(a, b link) int {
		return cmp.Compare(a.to, b.to)
	})
	return broken, err
}

func report(timeout time.Duration) {
	root := context.Background()
	ctx, cancel := context.WithTimeout(root, timeout)
	defer cancel()
	start := time.Now()
	broken, err := check(ctx, 2)
	for _, l := range broken {
		fmt.Printf("%s has a broken link to %s\n", l.from, l.to)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		fmt.Println("gave up:", err)
	} else if err != nil {
		fmt.Println("failed:", err)
	}
	fmt.Println("took", time.Since(start))
}

// --- in a bubble, where time takes no time ---

func bubble(t *testing.T) {
	report(190 * time.Millisecond)
	report(10 * time.Second)
}

func main() {
	tests := []testing.InternalTest{{Name: "links", F: func(t *testing.T) {
		synctest.Test(t, bubble)
		os.Exit(0)
	}}}
	testing.Main(func(_, _ string) (bool, error) { return true, nil }, tests, nil, nil)
}
