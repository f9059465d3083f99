package main

import (
	"fmt"
	"strings"
)

type Node struct {
	val         int
	left, right *Node
}

var res []int

func dfs(n *Node) int {
	if n == nil {
		return 0
	}
	res = append(res, dfs(n.left))
	res = append(res, dfs(n.right)+n.val)
	return n.val
}

type Counter struct {
	n     int
	calls []string
}

func (c *Counter) next() int        { c.n++; c.calls = append(c.calls, "next"); return c.n }
func (c *Counter) add(a, b int) int { return a + b + c.n }
func (c Counter) show(x int) string { return fmt.Sprint(c.n, "/", x) }

func pair() (int, error)      { return 1, nil }
func tri(a any, b error) bool { return a == 1 && b == nil }

type S struct {
	c   *Counter
	arr [4]int
	m   map[string]int
	sl  []int
}

func (s *S) grow() int { s.sl = append(s.sl, len(s.sl)); s.arr[1]++; s.m["k"]++; return len(s.sl) }

func fib(n int, memo map[int]int) int {
	if n < 2 {
		return n
	}
	if v, ok := memo[n]; ok {
		return v
	}
	memo[n] = fib(n-1, memo) + fib(n-2, memo)
	return memo[n]
}

type Parser struct {
	s   string
	pos int
}

func (p *Parser) peek() byte {
	if p.pos < len(p.s) {
		return p.s[p.pos]
	}
	return 0
}
func (p *Parser) next() byte { c := p.peek(); p.pos++; return c }
func (p *Parser) num() int {
	n := 0
	for p.peek() >= '0' && p.peek() <= '9' {
		n = n*10 + int(p.next()-'0')
	}
	return n
}
func (p *Parser) expr() int {
	v := p.term()
	for p.peek() == '+' || p.peek() == '-' {
		if p.next() == '+' {
			v += p.term()
		} else {
			v -= p.term()
		}
	}
	return v
}
func (p *Parser) term() int {
	v := p.num()
	for p.peek() == '*' && p.next() == '*' {
		v *= p.num()
	}
	return v
}

func main() {
	t := &Node{1, &Node{2, nil, nil}, &Node{3, &Node{4, nil, nil}, nil}}
	fmt.Println(dfs(t), res)
	c := &Counter{}
	fmt.Println(c.n, c.next(), c.n, c.calls)
	fmt.Println(c.add(c.n, c.next()), c.show(c.next()))
	fmt.Printf("%d %d %v\n", c.n, c.next(), c.n > 4)
	if c.n > 0 && tri(pair()) && c.n == c.next() {
		fmt.Println("tri", c.n)
	}
	if c.n == 0 || tri(pair()) || c.next() > 0 {
		fmt.Println("or", c.n)
	}
	for i := 0; i < 5 && tri(pair()) && c.n+c.next() < 40; i++ {
		fmt.Println("loop", i, c.n)
	}
	if false {
	} else if c.n > 0 && tri(pair()) {
		fmt.Println("else if")
	} else {
		fmt.Println("else")
	}
	switch {
	case c.n < 0 && tri(pair()):
		fmt.Println("case 1")
	case c.n > 0 && tri(pair()):
		fmt.Println("case 2")
	}
	s := &S{c: c, m: map[string]int{}}
	s.sl = append(s.sl, s.grow(), len(s.sl))
	fmt.Println(s.sl, s.arr, s.m)
	s.arr[s.grow()%4] = s.arr[1] + s.grow()
	fmt.Println(s.sl, s.arr, s.m)
	s.m["k"] = s.m["k"] + s.grow()
	fmt.Println(s.m["k"], s.grow(), s.m["k"])
	x, y := s.arr[1], s.grow()
	fmt.Println(x, y)
	s.sl[0], s.sl[len(s.sl)-1] = s.grow(), s.sl[0]+s.grow()
	fmt.Println(s.sl)
	fmt.Println(fib(50, map[int]int{}))
	p := &Parser{s: "2+3*4-5*2+100"}
	fmt.Println(p.expr(), p.pos)
	var sb strings.Builder
	w := func(s string) int { sb.WriteString(s); return sb.Len() }
	fmt.Println(sb.Len(), w("abc"), sb.Len(), sb.String())
	var a, b int
	n, err := fmt.Sscan("5 6", &a, &b)
	fmt.Println(n, err, a, b)
	fmt.Println(fmt.Sscan("7 8", &a, &b))
	q := func() bool { a++; return a > 8 }
	ok := q() && a == 9 || q() && a == 10
	fmt.Println(ok, a)
	defer fmt.Println("deferred", a, q(), a)
	go func(x, y int) {}(a, w("d"))
	z := []int{a, a + 1}
	idx := func() int { a = 0; return 1 }
	fmt.Println(z[idx()]+a, z[a])
	cond := a == 0 && func() bool { a = 5; return true }() && a == 5
	fmt.Println(cond)
	f := func(bs ...bool) int { return len(bs) }
	fmt.Println(f(a == 5 && q(), a == 6 && q(), a == 7))
	fmt.Println(a)
	for a < 10 && q() == (a > 8) {
	}
	fmt.Println(a)
	r := strings.Contains("abc", "b") && len(strings.Split("a,b", ",")) == 2
	fmt.Println(r)
	total := 0
	var walk func(n *Node) int
	walk = func(n *Node) int {
		if n == nil {
			return 0
		}
		total += n.val
		return total + walk(n.left) + walk(n.right)
	}
	fmt.Println(walk(t), total)
	fmt.Println("total", total, walk(t))
	chs := make(chan int, 10)
	go func() {
		for i := range 5 {
			total = i
			chs <- i
		}
		close(chs)
	}()
	fmt.Println(total >= 0, <-chs)
}
