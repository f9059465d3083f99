// Values of struct{}: how they are printed and encoded in fields, maps, slices and interfaces.
package main

import (
	"encoding/json"
	"fmt"
)

type Index struct {
	Seen map[string]struct{} `json:"seen"`
	Unit struct{}            `json:"unit"`
	Done chan struct{}       `json:"-"`
}

func main() {
	index := Index{Seen: map[string]struct{}{"a": {}, "b": {}}}
	fmt.Println(index.Seen, index.Unit)
	fmt.Printf("%v %+v\n", index, index)
	fmt.Printf("%T %T %T\n", index.Seen, index.Unit, index.Done)
	var anything any = index.Unit
	fmt.Println(anything, anything == struct{}{})

	for _, value := range []any{index, index.Seen, []struct{}{{}, {}}, anything} {
		text, err := json.Marshal(value)
		fmt.Println(string(text), err)
	}
	var read Index
	fmt.Println(json.Unmarshal([]byte(`{"seen": {"x": {}, "y": null}, "unit": {}}`), &read), read)
}
