package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

type point struct {
	X, Y int
	Name string `json:"name,omitempty"`
}

type config map[string]string

// load stores the text in what v points to.
func load(text string, v any) error {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	return nil
}

func loadAll(text string, targets ...any) {
	dec := json.NewDecoder(strings.NewReader(text))
	for _, target := range targets {
		if err := dec.Decode(target); err == io.EOF {
			fmt.Println("end")
			return
		} else if err != nil {
			fmt.Println("error:", err)
			return
		}
	}
}

func parse[T any](text string) (T, error) {
	var v T
	err := load(text, &v)
	return v, err
}

type store struct{ data map[string]string }

func (s *store) get(key string, v interface{}) error { return json.Unmarshal([]byte(s.data[key]), v) }

func main() {
	var p point
	fmt.Println(load(`{"X": 1, "Y": 2, "name": "a"}`, &p), p)
	q := &point{Y: 5}
	fmt.Println(load(`{"X": 3}`, q), *q)
	var r *point
	fmt.Println(load(`{"X": 4}`, &r), *r)

	var n int
	var f float64
	var s string
	var list []int
	var m map[string]point
	var c config
	var a any
	var array [2]bool
	fmt.Println(load("7", &n), load("1.5", &f), load(`"text"`, &s), load("[1, 2, 3]", &list))
	fmt.Println(load(`{"k": {"X": 9}}`, &m), load(`{"a": "b"}`, &c), load(`[true, {"x": null}]`, &a))
	fmt.Println(load("[true, false]", &array), array)
	fmt.Println(n, f, s, list, m, c, a)
	var points []point
	fmt.Println(load(`[{"X": 1}, {"Y": 2}]`, &points), points, len(points))

	fmt.Println(load(`{"X": "one"}`, &p))
	fmt.Println(load(`{`, &p))
	fmt.Println(load("1", n))
	fmt.Println(load("1", nil))
	fmt.Println(load("{}", p))

	loadAll(`{"X": 5} 6 "seven"`, &p, &n, &s, &f)
	fmt.Println(p, n, s)
	loadAll(`true`, &p)

	fmt.Println(parse[point](`{"name": "generic"}`))
	fmt.Println(parse[[]string](`["a", "b"]`))
	fmt.Println(parse[map[string]int](`{"a": 1}`))
	fmt.Println(parse[int](`"a"`))

	st := &store{data: map[string]string{"p": `{"X": 11}`, "l": "[1]"}}
	fmt.Println(st.get("p", &p), p, st.get("l", &list), list, st.get("none", &p))
}
