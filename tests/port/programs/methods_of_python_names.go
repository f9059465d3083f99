// Methods of named types whose names Python's int, str, dict and list have, too.
package main

import (
	"fmt"
	"sort"
	"strings"
)

type MyString string

func (s MyString) Upper() string            { return strings.ToUpper(string(s)) }
func (s MyString) Lower() MyString          { return MyString(strings.ToLower(string(s))) }
func (s MyString) Split(sep string) []string { return strings.Split(string(s), sep) }
func (s MyString) Count(sub string) int     { return strings.Count(string(s), sub) }
func (s MyString) Replace(a, b string) MyString { return MyString(strings.ReplaceAll(string(s), a, b)) }
func (s MyString) Index(x string) int       { return strings.Index(string(s), x) }
func (s MyString) Strip() string            { return strings.TrimSpace(string(s)) }
func (s MyString) Encode() []byte           { return []byte(s) }
func (s MyString) Join(xs []string) string  { return strings.Join(xs, string(s)) }
func (s MyString) Title() string            { return strings.Title(string(s)) }
func (s MyString) Startswith(p string) bool { return strings.HasPrefix(string(s), p) }
func (s MyString) Len() int                 { return len(s) }
func (s MyString) Find(x string) bool       { return strings.Contains(string(s), x) }

type Cache map[string]int

func (c Cache) Get(k string) (int, bool) { v, ok := c[k]; return v, ok }
func (c Cache) Set(k string, v int)      { c[k] = v }
func (c Cache) Pop(k string) int         { v := c[k]; delete(c, k); return v }
func (c Cache) Keys() (ks []string) {
	for k := range c {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	return
}
func (c Cache) Values() []int {
	var out []int
	for _, k := range c.Keys() {
		out = append(out, c[k])
	}
	return out
}
func (c Cache) Items() int     { return len(c) }
func (c Cache) Update(o Cache) { for k, v := range o { c[k] += v } }
func (c Cache) Copy() Cache {
	n := Cache{}
	for k, v := range c {
		n[k] = v
	}
	return n
}
func (c Cache) Clear() { clear(c) }
func (c Cache) Len() int { return len(c) }
func (c Cache) Setdefault(k string) { if _, ok := c[k]; !ok { c[k] = -1 } }

type Stack []int

func (s *Stack) Push(x int)   { *s = append(*s, x) }
func (s *Stack) Append(x int) { *s = append(*s, x) }
func (s *Stack) Pop() int     { x := (*s)[len(*s)-1]; *s = (*s)[:len(*s)-1]; return x }
func (s Stack) Len() int      { return len(s) }
func (s Stack) Index(x int) int {
	for i, v := range s {
		if v == x {
			return i
		}
	}
	return -1
}
func (s Stack) Copy() Stack   { return append(Stack{}, s...) }
func (s Stack) Reverse()      { for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 { s[i], s[j] = s[j], s[i] } }
func (s Stack) Sort()         { sort.Ints(s) }
func (s Stack) Cap() int      { return cap(s) }
func (s Stack) Array() [2]int { return [2]int(s) }
func (s *Stack) Insert(i, x int) { *s = append((*s)[:i], append([]int{x}, (*s)[i:]...)...) }
func (s *Stack) Clear()       { *s = nil }
func (s Stack) Start() int    { return s[0] }
func (s Stack) Length() int   { return len(s) }

type Num int

func (n Num) Real() int       { return int(n) }
func (n Num) BitLength() int  { return 3 }
func (n Num) Bit_length() int { return 4 }
func (n Num) ToBytes() []byte { return []byte{byte(n)} }
func (n Num) Add(m Num) Num   { return n + m }
func (n Num) Conjugate() Num  { return -n }
func (n Num) AsIntegerRatio() string { return "ratio" }

type F float64

func (f F) IsInteger() bool { return f == F(int(f)) }
func (f F) Hex() string     { return "hex" }
func (f F) Real() F         { return f }

type Set map[string]struct{}

func (s Set) Add(k string)           { s[k] = struct{}{} }
func (s Set) Remove(k string)        { delete(s, k) }
func (s Set) Has(k string) bool      { _, ok := s[k]; return ok }
func (s Set) Union(o Set) Set {
	r := Set{}
	for k := range s {
		r.Add(k)
	}
	for k := range o {
		r.Add(k)
	}
	return r
}
func (s Set) Pop() string { for k := range s { delete(s, k); return k }; return "" }
func (s Set) List() []string {
	l := make([]string, 0, len(s))
	for k := range s {
		l = append(l, k)
	}
	sort.Strings(l)
	return l
}

type Pair [2]int

func (p Pair) Count() int   { return p[0] + p[1] }
func (p *Pair) Append(x int) { p[0] = x }
func (p Pair) Index(i int) int { return p[i] }
func (p Pair) Copy() Pair   { p[0] = 9; return p }

type Q chan int

func (q Q) Send(x int)  { q <- x }
func (q Q) Recv() int   { return <-q }
func (q Q) Close()      { close(q) }
func (q Q) Len() int    { return len(q) }

type Fn func(int) int

func (f Fn) Call(x int) int { return f(x) }
func (f Fn) Twice() Fn      { return func(x int) int { return f(f(x)) } }

type Obj struct{ v int }

func (o *Obj) Copy() *Obj { c := *o; return &c }
func (o Obj) Replace(v int) Obj { o.v = v; return o }
func (o Obj) Zero() int { return 0 }
func (o Obj) Fields() []string { return []string{"v"} }

func main() {
	s := MyString("Hello, World ")
	fmt.Println(s.Upper(), s.Lower(), s.Split(","), s.Count("o"), s.Replace("l", "L"), s.Index("W"), s.Strip(), s.Encode(), s.Join([]string{"a", "b"}), s.Title(), s.Startswith("He"), s.Len(), s.Find("W"), len(s), s[0], s[:3])
	fmt.Printf("%s|%20s|%q|%v\n", s, s, s, s)
	fmt.Println(strings.ToUpper(string(s)), strings.Contains(string(s), "x"), s+"!", s == "x")
	for i, r := range s[:3] {
		fmt.Print(i, string(r))
	}
	fmt.Println()
	c := Cache{"a": 1}
	c.Set("b", 2)
	fmt.Println(c.Get("a"))
	fmt.Println(c.Get("zz"))
	fmt.Println(c["q"], c.Keys(), c.Values(), c.Items(), c.Len(), c)
	d := c.Copy()
	d.Update(Cache{"a": 10, "n": 5})
	d.Setdefault("dd")
	d["zz"]++
	if v, ok := d["n"]; ok {
		fmt.Println(v)
	}
	fmt.Println(c.Pop("a"), c, d, len(d))
	for k, v := range c {
		fmt.Println(k, v)
	}
	delete(d, "n")
	d.Clear()
	fmt.Println(d, d.Len())
	var st Stack
	st.Push(3)
	st.Append(1)
	st.Push(2)
	cp := st.Copy()
	cp.Reverse()
	fmt.Println(st, cp, st.Index(2), st.Len(), st.Pop(), st.Cap() >= 2, st.Array(), st.Start(), st.Length())
	st.Insert(1, 50)
	st.Sort()
	fmt.Println(st, st[1:], len(st))
	for i, v := range st {
		fmt.Print(i, v, ";")
	}
	st.Clear()
	fmt.Println(st == nil)
	n := Num(5)
	fmt.Println(n.Real(), n.BitLength(), n.Bit_length(), n.ToBytes(), n.Add(2), n.Conjugate(), n*2, n.AsIntegerRatio())
	fmt.Println(F(2).IsInteger(), F(2.5).IsInteger(), F(1).Hex(), F(1.5).Real()+1)
	set := Set{}
	set.Add("x")
	set.Add("y")
	u := set.Union(Set{"z": {}})
	u.Remove("x")
	fmt.Println(u.List(), set.Has("x"), len(u), u)
	set.Pop()
	fmt.Println(len(set))
	p := Pair{1, 2}
	p.Append(7)
	fmt.Println(p.Count(), p.Index(1), p.Copy(), p, len(p))
	q := make(Q, 2)
	q.Send(4)
	q <- 5
	fmt.Println(q.Len(), q.Recv(), <-q)
	q.Close()
	f := Fn(func(x int) int { return x + 1 })
	fmt.Println(f.Call(1), f.Twice()(1), f(5))
	o := &Obj{1}
	o2 := o.Copy()
	o2.v = 2
	o3 := *o
	o3.v = 3
	fmt.Println(*o, *o2, o3, o.Replace(9), o.Zero(), o.Fields())
}
