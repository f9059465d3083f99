//go:build ignore

// A crawler of a small web that lies in memory: no page twice, a limited depth, and a limited number at work.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

var errGone = errors.New("page not found")

var web = map[string][]string{
	"/":         {"/news", "/shop", "/about"},
	"/news":     {"/", "/news/1", "/news/2", "/gone"},
	"/news/1":   {"/news", "/news/2"},
	"/news/2":   {"/news", "/news/1", "/shop"},
	"/shop":     {"/shop/a", "/shop/b", "/"},
	"/shop/a":   {"/shop/a/1"},
	"/shop/b":   {"/shop/a", "/lost"},
	"/about":    {"/"},
	"/shop/a/1": {"/deep"},
	"/deep":     {"/deeper"},
}

func fetch(url string) ([]string, error) {
	runtime.Gosched()
	links, ok := web[url]
	if !ok {
		return nil, fmt.Errorf("%s: %w", url, errGone)
	}
	return links, nil
}

// A crawler that starts a goroutine a page, and keeps what it has seen under a lock.
type crawler struct {
	mu   sync.Mutex
	seen map[string]bool
	wg   sync.WaitGroup
	busy chan bool
}

func (c *crawler) visit(url string, depth int) {
	c.mu.Lock()
	known := c.seen[url]
	c.seen[url] = true
	c.mu.Unlock()
	if known || depth == 0 {
		return
	}
	c.wg.Go(func() {
		c.busy <- true
		links, err := fetch(url)
		<-c.busy
		if err != nil {
			say("failed:", err)
			return
		}
		say("found", url, "with", len(links), "links at depth", depth)
		for _, link := range links {
			c.visit(link, depth-1)
		}
	})
}

type page struct {
	url   string
	links []string
	err   error
}

// crawl has one goroutine that knows all, and workers that fetch what it tells them.
func crawl(start string, workers int) int {
	todo, done := make(chan string), make(chan page)
	for i := range workers {
		go func() {
			for url := range todo {
				links, err := fetch(url)
				say("worker", i, "has fetched", url)
				done <- page{url, links, err}
			}
			say("worker", i, "goes home")
			done <- page{}
		}()
	}
	seen := map[string]bool{start: true}
	queue := []string{start}
	pending := 0
	for len(queue) > 0 || pending > 0 {
		send, next := todo, ""
		if len(queue) == 0 {
			send = nil
		} else {
			next = queue[0]
		}
		select {
		case send <- next:
			queue = queue[1:]
			pending++
		case p := <-done:
			pending--
			if p.err != nil {
				say("failed:", p.err, errors.Is(p.err, errGone))
			}
			for _, link := range p.links {
				if !seen[link] {
					seen[link] = true
					queue = append(queue, link)
				}
			}
		}
	}
	close(todo)
	for range workers {
		<-done
	}
	return len(seen)
}

func main() {
	defer out.Flush()
	for depth := range 4 {
		say("depth", depth)
		c := &crawler{seen: map[string]bool{}, busy: make(chan bool, 2)}
		c.visit("/", depth)
		c.wg.Wait()
		say("seen", len(c.seen))
	}
	say("pages:", crawl("/", 1))
}
