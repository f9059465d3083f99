// Slices with pointer methods, encoded to JSON and decoded.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strings"
)

type ints []int

func (x *ints) Push(v int) { *x = append(*x, v) }

type arr [2]int

func (a *arr) Set() { a[0] = 1 }

type Errs []error

func (e *Errs) Add(err error) {
	if err != nil {
		*e = append(*e, err)
	}
}
func (e Errs) Error() string {
	var p []string
	for _, x := range e {
		p = append(p, x.Error())
	}
	return strings.Join(p, "; ")
}

type csv []string

func (c *csv) String() string     { return strings.Join(*c, ",") }
func (c *csv) Set(v string) error { *c = append(*c, v); return nil }

type S struct {
	P *ints `json:"p"`
	A *arr
}

func main() {
	x := &ints{1, 2}
	b, err := json.Marshal(x)
	fmt.Println(string(b), err)
	b, err = json.Marshal(&arr{1, 2})
	fmt.Println(string(b), err)
	b, err = json.Marshal(S{x, &arr{3}})
	fmt.Println(string(b), err)
	fmt.Println(json.Unmarshal([]byte("[5,6,7]"), x), *x)
	var s S
	fmt.Println(json.Unmarshal([]byte(`{"p":[1],"A":[4,5]}`), &s), *s.P, *s.A)
	fmt.Println(reflect.DeepEqual(x, &ints{5, 6, 7}), reflect.TypeOf(x), reflect.ValueOf(x).Elem().Len())
	var es Errs
	es.Add(errors.New("a"))
	es.Add(nil)
	es.Add(errors.New("b"))
	fmt.Println(es, &es, len(es))
	var e error = &es
	var target *Errs
	fmt.Println(errors.As(e, &target), e)
	fmt.Printf("%v %+v %s %q %d\n", es, &es, &es, es, len(es))
	c := csv{}
	c.Set("a")
	c.Set("b")
	fmt.Println(c, &c)
	fmt.Printf("%v %s %T %T\n", c, &c, c, &c)
	sort.Sort(sort.Reverse(sort.StringSlice(c)))
	fmt.Println(c.String())
	fmt.Printf("%#v %#v\n", x, c)
	files()
}

type item struct {
	Task string
	Done bool
}

type List []item

func (l *List) Add(t string) { *l = append(*l, item{Task: t}) }
func (l *List) Load(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	return json.Unmarshal(b, l)
}
func (l List) Save() ([]byte, error) { return json.Marshal(l) }

func files() {
	l := &List{}
	l.Add("a")
	b, err := l.Save()
	var m List
	fmt.Println(m.Load(b), m, err, string(b))
	m.Add("b")
	b, _ = m.Save()
	fmt.Println(l.Load(b), len(*l), (*l)[1].Task)
	var v any = l
	fmt.Println(json.Unmarshal([]byte(`[{"Task":"z"}]`), v), *l)
	fmt.Println(json.NewDecoder(strings.NewReader(`[{"Task":"y"}]`)).Decode(l), *l)
	fmt.Println(json.Unmarshal(b, *l), json.Unmarshal([]byte("{}"), l))
}
