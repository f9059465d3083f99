package main

import (
	"encoding/json"
	"fmt"
	"sort"
)

// Counts and a plain map may be the same map.
type Counts map[string]int

func (c Counts) Add(word string) { c[word]++ }

func (c Counts) String() string {
	keys := make([]string, 0, len(c))
	for k := range c {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	text := ""
	for _, k := range keys {
		text += fmt.Sprintf("<%s=%d>", k, c[k])
	}
	return text
}

type Set[T comparable] map[T]struct{}

func (s Set[T]) Has(v T) bool {
	_, ok := s[v]
	return ok
}

func (s Set[T]) Put(v T) { s[v] = struct{}{} }

// Tally has no methods, and is only converted.
type Tally map[string]int

type Headers map[string][]string

func (h *Headers) Reset() { *h = Headers{} }

func (h Headers) Get(key string) string {
	if len(h[key]) == 0 {
		return ""
	}
	return h[key][0]
}

type report struct {
	Words Counts
	Plain map[string]int
}

type stringer interface{ String() string }

func plain(m map[string]int) {
	m["plain"] = len(m)
	fmt.Println(m)
}

func asCounts(m map[string]int) Counts { return m }

func main() {
	m := map[string]int{"a": 1}
	c := Counts(m)
	c.Add("a")
	c.Add("b")
	fmt.Println(m, c, len(c), m["b"])
	fmt.Printf("%v %T %T %d\n", c, c, m, m)

	back := map[string]int(c)
	back["z"] = 26
	fmt.Println(c, back)
	plain(c)
	plain(map[string]int(c))

	d := asCounts(m)
	d.Add("d")
	fmt.Println(m["d"], d.String(), fmt.Sprint(Counts{"x": 1}))
	var s stringer = d
	fmt.Println(s.String())
	if e, ok := s.(Counts); ok {
		e.Add("e")
	}
	fmt.Println(m["e"])
	var none Counts
	fmt.Println(none == nil, len(none), map[string]int(none) == nil, none)

	t := Tally(c)
	t["t"] = 1
	fmt.Printf("%d %v\n", m["t"], map[string]int(t)["t"] == Counts(t)["t"])

	numbers := map[int]struct{}{3: {}}
	set := Set[int](numbers)
	set.Put(4)
	fmt.Println(set.Has(3), set.Has(5), len(numbers))

	h := Headers(map[string][]string{"k": {"v"}})
	lines := map[string][]string(h)
	lines["l"] = []string{"1", "2"}
	fmt.Println(h.Get("l"), len(h))
	h.Reset()
	fmt.Println(len(h), len(lines))

	r := report{Words: Counts(m), Plain: c}
	r.Plain["r"] = 9
	fmt.Println(r.Words["r"], r)
	text, err := json.Marshal(r.Words)
	fmt.Println(string(text), err)
	var read report
	err = json.Unmarshal([]byte(`{"Words": {"w": 7}, "Plain": {"p": 8}}`), &read)
	fmt.Println(read, err, read.Words["w"], read.Plain["p"])
	for key, value := range Counts(map[string]int{"only": 1}) {
		fmt.Println(key, value)
	}
	switch x := any(c).(type) {
	case map[string]int:
		fmt.Println("plain", len(x))
	case Counts:
		fmt.Println("counts", len(x))
	}
}
