// Maps in JSON whose keys have MarshalText and UnmarshalText; an empty struct.
package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

type Priority int

var names = [...]string{"low", "medium", "high"}

func (p Priority) MarshalText() ([]byte, error) { return []byte(names[p]), nil }

func (p *Priority) UnmarshalText(b []byte) error {
	for i, n := range names {
		if n == string(b) {
			*p = Priority(i)
			return nil
		}
	}
	return fmt.Errorf("unknown priority %q", b)
}

type Upper string

func (u *Upper) UnmarshalText(b []byte) error {
	*u = Upper(strings.ToUpper(string(b)))
	return nil
}

type Report struct {
	Counts map[Priority]int   `json:"counts"`
	Words  map[Upper][]string `json:"words"`
}

func main() {
	r := Report{map[Priority]int{2: 1, 0: 5}, map[Upper][]string{"A": {"x"}}}
	b, err := json.Marshal(r)
	fmt.Println(string(b), err)
	var back Report
	fmt.Println(json.Unmarshal(b, &back), back.Counts[2], back.Counts, back.Words)
	fmt.Println(json.Unmarshal([]byte(`{"counts": {"medium": 7}, "words": {"a": ["1"], "b": null}}`), &back), back.Counts, back.Words)
	fmt.Println(json.Unmarshal([]byte(`{"counts": {"urgent": 1, "low": 2}}`), &Report{}))
	out, err := json.Marshal(struct{}{})
	fmt.Println(string(out), err)
	var any map[Priority]any
	fmt.Println(json.Unmarshal([]byte(`{"high": [1], "low": null}`), &any), any)
}
