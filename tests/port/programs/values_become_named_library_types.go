package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"sort"
)

type words struct{ sort.StringSlice }
type numbers struct {
	s sort.IntSlice
	f sort.Float64Slice
}

func take(s sort.IntSlice) int { sort.Sort(sort.Reverse(s)); return s.Len() }
func give() sort.IntSlice     { return []int{3, 1} }

type doc struct {
	url.Values
	extra url.Values
}

func main() {
	a := words{[]string{"b", "a"}}
	sort.Sort(a)
	fmt.Println(a, a.Len())
	var s sort.StringSlice = []string{"z", "y"}
	s.Sort()
	fmt.Println(s)
	x := []int{1, 2, 3}
	fmt.Println(take(x), x, give().Less(0, 1))
	n := numbers{s: x, f: []float64{2, 1}}
	n.f.Sort()
	n.s = append(n.s, 5)
	n.s.Swap(0, 1)
	n.s = x[1:]
	fmt.Println(n, n.s.Len())
	m := map[string]sort.IntSlice{"a": {2, 1}, "b": x}
	m["a"].Sort()
	fmt.Println(m, m["b"].Len(), m["zz"].Len())
	ls := []sort.IntSlice{x, {4, 3}}
	ls[1].Sort()
	fmt.Println(ls, ls[0].Len())
	var i sort.Interface = sort.IntSlice(x)
	fmt.Println(i.Len(), sort.IsSorted(i))
	d := doc{map[string][]string{"a": {"1"}}, map[string][]string{}}
	d.Add("b", "2")
	d.extra.Set("q", "x")
	fmt.Println(d.Encode(), d.extra.Encode(), d.Get("a"))
	ch := make(chan sort.IntSlice, 1)
	ch <- x
	fmt.Println((<-ch).Len())
	v := url.Values(map[string][]string{"a": {"b c"}})
	v.Add("z", "&")
	u := url.URL{Scheme: "http", Host: "h", RawQuery: url.Values{"x": {"1"}}.Encode()}
	fmt.Println(v.Encode(), u.String())
	var raw json.RawMessage = []byte(`{"a":1}`)
	b, err := json.Marshal(map[string]any{"r": raw, "s": struct{ R json.RawMessage }{[]byte("[1]")}})
	fmt.Println(string(b), err)
}
