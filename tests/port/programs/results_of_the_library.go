package main

import (
	"bufio"
	"bytes"
	"container/heap"
	"container/list"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

type Item struct {
	Name string   `json:"name"`
	Tags []string `json:"tags"`
	N    *int     `json:"n"`
}

type PQ []*Item

func (q PQ) Len() int            { return len(q) }
func (q PQ) Less(i, j int) bool  { return q[i].Name < q[j].Name }
func (q PQ) Swap(i, j int)       { q[i], q[j] = q[j], q[i] }
func (q *PQ) Push(x interface{}) { *q = append(*q, x.(*Item)) }
func (q *PQ) Pop() interface{} {
	old := *q
	n := len(old)
	it := old[n-1]
	*q = old[:n-1]
	return it
}

func readAll(r io.Reader) (string, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	return string(data), nil
}

func lines(r io.Reader) []string {
	var out []string
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		out = append(out, sc.Text())
	}
	return out
}

func fields(s string) []string { return strings.Fields(s) }
func parts(s string) []string  { return strings.Split(s, ",") }
func clone(b []byte) []byte    { return bytes.ToUpper(b) }
func biggest(xs []int) int     { return slices.Max(xs) }
func keysOf(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
func found(s string) []string { return regexp.MustCompile(`\d+`).FindAllString(s, -1) }
func first(l *list.List) int  { return l.Front().Value.(int) }
func parse(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, fmt.Errorf("parse %q: %w", s, err)
	}
	return n, nil
}
func encode(v any) ([]byte, error) { return json.Marshal(v) }
func decode(b []byte) (it Item, err error) {
	err = json.Unmarshal(b, &it)
	return
}
func env(k string) string             { return os.Getenv(k) }
func sqrt(x float64) float64          { return math.Sqrt(x) }
func since(t time.Time) time.Duration { return time.Since(t) }
func buffered() *bufio.Writer         { return bufio.NewWriter(os.Stdout) }
func sorted(xs []int) []int {
	out := slices.Clone(xs)
	slices.Sort(out)
	return out
}
func index(xs []string, s string) int { return slices.Index(xs, s) }
func load(m *sync.Map, k string) (int, bool) {
	v, ok := m.Load(k)
	if !ok {
		return 0, false
	}
	n, ok := v.(int)
	return n, ok
}

type cache struct {
	mu sync.RWMutex
	m  map[string]func() error
}

func (c *cache) get(k string) (func() error, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	f, ok := c.m[k]
	return f, ok
}

func copyTo(w io.Writer, s string) (int64, error) { return io.Copy(w, strings.NewReader(s)) }

func main() {
	q := &PQ{{Name: "b"}, {Name: "a"}}
	heap.Init(q)
	heap.Push(q, &Item{Name: "c"})
	fmt.Println(heap.Pop(q).(*Item).Name, q.Len())
	fmt.Println(readAll(strings.NewReader("abc")))
	fmt.Println(lines(strings.NewReader("a\nb")), fields(" x y "), parts("a,b"), string(clone([]byte("abc"))))
	fmt.Println(biggest([]int{1, 3, 2}), keysOf(map[string]int{"b": 1, "a": 2}), found("a1b22"))
	l := list.New()
	l.PushBack(5)
	fmt.Println(first(l))
	_, err := parse("x")
	var ne *strconv.NumError
	fmt.Println(err, errors.As(err, &ne), ne.Func)
	b, err := encode(Item{Name: "x", Tags: []string{"t"}})
	fmt.Println(string(b), err)
	it, err := decode(b)
	fmt.Println(it.Name, it.Tags, it.N == nil, err)
	fmt.Println(env("NO_SUCH") == "", sqrt(4), since(time.Now()) < time.Hour)
	w := buffered()
	fmt.Fprintf(w, "%d\n", 5)
	w.Flush()
	fmt.Println(sorted([]int{3, 1}), index([]string{"a"}, "a"))
	var m sync.Map
	m.Store("k", 7)
	fmt.Println(load(&m, "k"))
	c := cache{m: map[string]func() error{"x": func() error { return io.EOF }}}
	f, ok := c.get("x")
	fmt.Println(ok, f() == io.EOF)
	var buf bytes.Buffer
	fmt.Println(copyTo(&buf, "hello"))
	fmt.Println(buf.String())
}
