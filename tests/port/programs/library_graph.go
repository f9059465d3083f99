package main

import (
	"bytes"
	"container/heap"
	"container/list"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
	"unicode"
)

type Edge struct {
	to     string
	weight int
}
type Graph struct {
	mu    sync.RWMutex
	edges map[string][]Edge
	buf   bytes.Buffer
	order list.List
}
type node struct {
	name string
	dist int
}
type minHeap []node

func (h minHeap) Len() int           { return len(h) }
func (h minHeap) Less(i, j int) bool { return h[i].dist < h[j].dist }
func (h minHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *minHeap) Push(x any)        { *h = append(*h, x.(node)) }
func (h *minHeap) Pop() any {
	o := *h
	n := len(o) - 1
	v := o[n]
	*h = o[:n]
	return v
}

func NewGraph() *Graph { return &Graph{edges: make(map[string][]Edge)} }
func (g *Graph) Add(a, b string, w int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.edges[a] = append(g.edges[a], Edge{b, w})
	g.edges[b] = append(g.edges[b], Edge{a, w})
	fmt.Fprintf(&g.buf, "%s-%s;", a, b)
	g.order.PushBack(a + b)
}
func (g *Graph) Dijkstra(src string) map[string]int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	dist := map[string]int{}
	for k := range g.edges {
		dist[k] = math.MaxInt
	}
	dist[src] = 0
	h := &minHeap{{src, 0}}
	for h.Len() > 0 {
		cur := heap.Pop(h).(node)
		if cur.dist > dist[cur.name] {
			continue
		}
		for _, e := range g.edges[cur.name] {
			if nd := cur.dist + e.weight; nd < dist[e.to] {
				dist[e.to] = nd
				heap.Push(h, node{e.to, nd})
			}
		}
	}
	return dist
}

type Token struct {
	kind string
	text string
}

type Lexer struct {
	r   *strings.Reader
	out []Token
}

func (l *Lexer) run() error {
	for {
		ch, _, err := l.r.ReadRune()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		switch {
		case unicode.IsSpace(ch):
		case unicode.IsDigit(ch):
			var sb strings.Builder
			for unicode.IsDigit(ch) {
				sb.WriteRune(ch)
				ch, _, err = l.r.ReadRune()
				if err != nil {
					break
				}
			}
			if err == nil {
				l.r.UnreadRune()
			}
			l.out = append(l.out, Token{"num", sb.String()})
		case strings.ContainsRune("+-*/()", ch):
			l.out = append(l.out, Token{"op", string(ch)})
		default:
			return fmt.Errorf("bad char %q at %d", ch, int(l.r.Size())-l.r.Len())
		}
	}
}

type byKey struct {
	keys []string
	m    map[string]int
}

func (b byKey) Len() int           { return len(b.keys) }
func (b byKey) Swap(i, j int)      { b.keys[i], b.keys[j] = b.keys[j], b.keys[i] }
func (b byKey) Less(i, j int) bool { return b.m[b.keys[i]] < b.m[b.keys[j]] }

func main() {
	g := NewGraph()
	g.Add("a", "b", 4)
	g.Add("a", "c", 1)
	g.Add("c", "b", 2)
	g.Add("b", "d", 5)
	d := g.Dijkstra("a")
	keys := []string{}
	for k := range d {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	tw := tabwriter.NewWriter(os.Stdout, 0, 8, 1, '\t', 0)
	for _, k := range keys {
		fmt.Fprintf(tw, "%s\t%d\t%v\n", k, d[k], g.edges[k])
	}
	tw.Flush()
	fmt.Println(g.buf.String(), g.order.Len(), g.order.Front().Value)
	for _, s := range []string{"12 + (3*45)", "1 $ 2", ""} {
		l := &Lexer{r: strings.NewReader(s)}
		err := l.run()
		fmt.Println(l.out, err)
	}
	bk := byKey{[]string{"x", "y", "z"}, map[string]int{"x": 3, "y": 1, "z": 2}}
	sort.Sort(bk)
	fmt.Println(bk.keys, sort.IsSorted(bk))
	sort.Stable(sort.Reverse(bk))
	fmt.Println(bk.keys)
	matrix := [][]int{{3, 1}, {2, 2}, {1, 3}}
	slices.SortFunc(matrix, func(a, b []int) int { return a[0] - b[0] })
	fmt.Println(matrix, slices.EqualFunc(matrix, matrix, func(a, b []int) bool { return slices.Equal(a, b) }))
	xs := []float64{2.5, math.Inf(1), -1, math.NaN(), 0}
	sort.Float64s(xs)
	fmt.Println(xs, slices.Max([]float64{1, 2}), slices.Min([]string{"b", "a"}))
	e1 := errors.New("one")
	e2 := fmt.Errorf("two: %w", e1)
	fmt.Println(errors.Is(e2, e1), errors.Unwrap(e2) == e1, errors.Join(e1, nil, e2))
	var wg sync.WaitGroup
	res := make([]string, 3)
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			time.Sleep(time.Duration(3-i) * time.Millisecond)
			res[i] = strings.Repeat(string(rune('a'+i)), i+1)
		}()
	}
	wg.Wait()
	fmt.Println(strings.Join(res, "|"))
	pr, pw := io.Pipe()
	go func() {
		for i := range 3 {
			fmt.Fprintf(pw, "msg %d\n", i)
		}
		pw.Close()
	}()
	data, err := io.ReadAll(pr)
	fmt.Printf("%q %v\n", data, err)
	w := io.MultiWriter(os.Stdout, &g.buf)
	fmt.Fprintln(w, "both")
	fmt.Println(g.buf.Len())
	lr := io.LimitReader(strings.NewReader("abcdef"), 3)
	b3, _ := io.ReadAll(lr)
	fmt.Println(string(b3))
	f := strings.ToUpper
	fmt.Println(f("fn"), func(fs ...func(string) string) string {
		s := "  Mixed Case  "
		for _, f := range fs {
			s = f(s)
		}
		return s
	}(strings.TrimSpace, strings.ToLower, strings.Title))
}
