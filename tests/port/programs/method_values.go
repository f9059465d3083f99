package main

import (
	"fmt"
	"sort"
	"strings"
)

type Counter struct {
	name string
	n    int
}

func (c *Counter) Inc()          { c.n++ }
func (c Counter) Value() int     { return c.n }
func (c *Counter) Add(k int) int { c.n += k; return c.n }
func (c Counter) String() string { return fmt.Sprintf("%s=%d", c.name, c.n) }

type Op func(float64, float64) float64

func (o Op) Apply(a, b float64) string { return fmt.Sprintf("%.1f", o(a, b)) }

type Ints []int

func (xs Ints) Each(f func(int)) {
	for _, x := range xs {
		f(x)
	}
}
func (xs Ints) Len() int    { return len(xs) }
func (xs *Ints) Push(v int) { *xs = append(*xs, v) }

type Handler interface{ Handle(string) string }
type HandlerFunc func(string) string

func (f HandlerFunc) Handle(s string) string { return f(s) }

type Middleware func(Handler) Handler

func Chain(h Handler, ms ...Middleware) Handler {
	for i := len(ms) - 1; i >= 0; i-- {
		h = ms[i](h)
	}
	return h
}

func Wrap(prefix string) Middleware {
	return func(next Handler) Handler {
		return HandlerFunc(func(s string) string { return prefix + "(" + next.Handle(s) + ")" })
	}
}

type Option func(*Server)
type Server struct {
	host string
	port int
	tls  bool
}

func WithPort(p int) Option { return func(s *Server) { s.port = p } }
func WithTLS() Option       { return func(s *Server) { s.tls = true } }
func NewServer(host string, opts ...Option) *Server {
	s := &Server{host: host, port: 80}
	for _, o := range opts {
		o(s)
	}
	return s
}

func main() {
	c := Counter{name: "c"}
	inc := c.Inc     // bound to &c
	value := c.Value // bound to a copy
	inc()
	inc()
	fmt.Println(c.n, value(), c.Value())
	add := (*Counter).Add
	fmt.Println(add(&c, 10), Counter.Value(c))
	c2 := c
	c2.Inc()
	fmt.Println(c, c2, &c2)
	counters := map[string]*Counter{"a": {name: "a"}, "b": {name: "b"}}
	for _, k := range []string{"a", "b", "a"} {
		counters[k].Inc()
	}
	fmt.Println(counters["a"], counters["b"])
	arr := [2]Counter{{"x", 1}, {"y", 2}}
	arr[1].Inc()
	arr[0].Add(5)
	fmt.Println(arr)

	fmt.Println(Op(func(a, b float64) float64 { return a * b }).Apply(2, 3.25))
	var xs Ints
	xs.Push(3)
	xs.Push(1)
	sum := 0
	xs.Each(func(x int) { sum += x })
	push := xs.Push
	push(9)
	fmt.Println(xs, sum, xs.Len(), len(xs))
	var words []string
	collect := func(s string) { words = append(words, s) }
	for _, f := range []func(string){collect, func(s string) { collect(strings.ToUpper(s)) }} {
		f("hey")
	}
	fmt.Println(words, sort.SearchStrings(words, "hey"))

	h := Chain(HandlerFunc(strings.ToUpper), Wrap("log"), Wrap("auth"))
	fmt.Println(h.Handle("req"))
	fmt.Println(*NewServer("localhost"), *NewServer("example.com", WithPort(443), WithTLS()))
	fmt.Printf("%+v\n", NewServer("h"))
	strLen := (*strings.Builder).Len
	_ = strLen
	var sb strings.Builder
	write := sb.WriteString
	write("via ")
	write("method value")
	fmt.Println(sb.String())
	defer c.Inc()
	defer fmt.Println("deferred with", c, c.Value())
	c.n = -1
}
