package main

import (
	"bytes"
	"cmp"
	"container/heap"
	"container/list"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"math/bits"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

type Item struct {
	value    string
	priority int
	index    int
}
type PQ []*Item

func (pq PQ) Len() int            { return len(pq) }
func (pq PQ) Less(i, j int) bool  { return pq[i].priority > pq[j].priority }
func (pq PQ) Swap(i, j int)       { pq[i], pq[j] = pq[j], pq[i]; pq[i].index = i; pq[j].index = j }
func (pq *PQ) Push(x interface{}) { it := x.(*Item); it.index = len(*pq); *pq = append(*pq, it) }
func (pq *PQ) Pop() interface{} {
	old := *pq
	n := len(old)
	it := old[n-1]
	old[n-1] = nil
	*pq = old[:n-1]
	return it
}
func (pq *PQ) update(it *Item, p int) { it.priority = p; heap.Fix(pq, it.index) }

type LRU struct {
	cap   int
	ll    *list.List
	items map[string]*list.Element
}
type entry struct {
	k string
	v int
}

func (c *LRU) Put(k string, v int) {
	if e, ok := c.items[k]; ok {
		c.ll.MoveToFront(e)
		e.Value.(*entry).v = v
		return
	}
	c.items[k] = c.ll.PushFront(&entry{k, v})
	if c.ll.Len() > c.cap {
		last := c.ll.Back()
		c.ll.Remove(last)
		delete(c.items, last.Value.(*entry).k)
	}
}

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

type rot13 struct{ r io.Reader }

func (r rot13) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	for i := range p[:n] {
		c := p[i]
		switch {
		case c >= 'a' && c <= 'z':
			p[i] = 'a' + (c-'a'+13)%26
		case c >= 'A' && c <= 'Z':
			p[i] = 'A' + (c-'A'+13)%26
		}
	}
	return n, err
}

type counter struct{ n int }

func (c *counter) Write(p []byte) (int, error) { c.n += len(p); return len(p), nil }

func main() {
	pq := &PQ{}
	heap.Init(pq)
	its := []*Item{}
	for i, w := range strings.Fields("low mid high top") {
		it := &Item{value: w, priority: i}
		its = append(its, it)
		heap.Push(pq, it)
	}
	pq.update(its[0], 10)
	for pq.Len() > 0 {
		it := heap.Pop(pq).(*Item)
		fmt.Print(it.value, ":", it.priority, " ")
	}
	fmt.Println()
	c := &LRU{2, list.New(), map[string]*list.Element{}}
	for i, k := range []string{"a", "b", "a", "c"} {
		c.Put(k, i)
	}
	for e := c.ll.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value.(*entry).k, e.Value.(*entry).v, " ")
	}
	fmt.Println(len(c.items))
	next, stop := iter.Pull(count(3))
	for {
		v, ok := next()
		if !ok {
			break
		}
		fmt.Print(v, " ")
	}
	stop()
	fmt.Println(slices.Collect(count(4)), slices.Sorted(maps.Keys(map[string]int{"b": 1, "a": 2})))
	for i, v := range slices.Backward([]string{"x", "y"}) {
		fmt.Print(i, v)
	}
	for k, v := range maps.All(map[int]string{1: "one"}) {
		fmt.Println(k, v)
	}
	for s := range strings.SplitSeq("a,b,c", ",") {
		fmt.Print(s, ";")
	}
	io.Copy(os.Stdout, rot13{strings.NewReader("Uryyb!\n")})
	var cn counter
	fmt.Fprintf(&cn, "%05d|%x", 42, "hi")
	n, err := io.Copy(&cn, io.LimitReader(strings.NewReader("0123456789"), 4))
	fmt.Println(cn.n, n, err)
	sum := sha256.Sum256([]byte("abc"))
	fmt.Println(hex.EncodeToString(sum[:4]), base64.StdEncoding.EncodeToString(sum[:5]), fmt.Sprintf("%x", sum)[:10])
	buf := make([]byte, 8)
	binary.LittleEndian.PutUint32(buf, 1<<31)
	fmt.Println(buf, binary.BigEndian.Uint64(buf), hex.Dump(buf))
	r := rand.New(rand.NewSource(1))
	fmt.Println(r.Intn(100), r.Perm(5), r.Float64(), r.Int63n(1000000007), r.NormFloat64())
	xs := []int{1, 2, 3, 4, 5}
	r.Shuffle(len(xs), func(i, j int) { xs[i], xs[j] = xs[j], xs[i] })
	fmt.Println(xs)
	fmt.Println(math.Sqrt(2), math.Pow(2, 0.5), math.Sin(1), math.Log(10), math.Exp(1.5), math.Hypot(3, 4), math.Cbrt(27), math.Inf(1), -math.Inf(1), math.NaN(), math.MaxInt64, math.Pi, math.MaxUint32, uint64(math.MaxUint64), math.Floor(-1.5), math.Round(2.5), math.Trunc(-2.7), math.Mod(7, -3))
	fmt.Println(bits.OnesCount(255), bits.LeadingZeros64(1), bits.TrailingZeros(8), bits.Reverse8(3), bits.Len(1023), bits.RotateLeft32(1, 31))
	re := regexp.MustCompile(`(?P<year>\d{4})-(?P<month>\d{2})`)
	fmt.Println(re.FindStringSubmatch("on 2024-05 and 2023-11"), re.FindAllString("2024-05 2023-11", -1), re.ReplaceAllString("2024-05", "${month}/${year}"), re.SubexpNames(), re.FindStringIndex("é 2024-05"))
	fmt.Println(re.ReplaceAllStringFunc("2024-05", strings.ToUpper), re.MatchString("x"), regexp.QuoteMeta("a.b"))
	_, err = regexp.Compile("a(b")
	fmt.Println(err)
	fmt.Println(filepath.Join("a", "../b", "c.txt"), filepath.Ext("x.tar.gz"), filepath.Base("/a/b"), filepath.Dir("/a/b"))
	rep := strings.NewReplacer("<", "&lt;", ">", "&gt;", "a", "1", "aa", "2")
	fmt.Println(rep.Replace("<aab>"))
	letters, digits := 0, 0
	for _, ch := range "Hé1, 世界2!" {
		if unicode.IsLetter(ch) {
			letters++
		} else if unicode.IsDigit(ch) {
			digits++
		}
	}
	fmt.Println(letters, digits, utf8.RuneCountInString("Hé世"), utf8.ValidString("a\xff"), strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		if r == '1' {
			return -1
		}
		return r
	}, "Hé1 WORLD"))
	type P struct {
		Name string
		Age  int
	}
	ps := []P{{"Al", 3}, {"Bo", 1}, {"Cy", 2}}
	slices.SortFunc(ps, func(a, b P) int { return cmp.Or(cmp.Compare(a.Age, b.Age), strings.Compare(a.Name, b.Name)) })
	i, found := slices.BinarySearchFunc(ps, 2, func(p P, age int) int { return cmp.Compare(p.Age, age) })
	fmt.Println(ps, i, found, slices.IndexFunc(ps, func(p P) bool { return p.Name == "Al" }), slices.ContainsFunc(ps, func(p P) bool { return p.Age > 5 }))
	fmt.Println(slices.MaxFunc(ps, func(a, b P) int { return cmp.Compare(a.Name, b.Name) }))
	var bb bytes.Buffer
	bb.WriteString("héllo")
	bb.WriteByte('!')
	fmt.Println(bb.Len(), bb.String(), bytes.Contains(bb.Bytes(), []byte("llo")), bytes.Equal([]byte("a"), []byte("a")), string(bytes.ToUpper([]byte("abc"))), bytes.Split([]byte("a,b"), []byte(",")))
	fmt.Println(strings.Title("hello world"), strings.EqualFold("Go", "GO"), strings.Index("chicken", "ken"), strings.LastIndex("go gopher", "go"), strings.TrimFunc("123abc456", unicode.IsDigit), strings.Repeat("=", 10), strings.Count("cheese", "e"))
	before, after, ok := strings.Cut("key=value", "=")
	fmt.Println(before, after, ok)
	fmt.Printf("%q %q\n", strings.SplitN("a,b,c,d", ",", 2), strings.SplitAfter("a,b", ","))
}
