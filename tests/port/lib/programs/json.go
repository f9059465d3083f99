package main

import (
	"encoding/json"
	"errors"
	"fmt"
)

type In struct {
	Z int `json:"z"`
	W []int
}
type P struct {
	Name string `json:"name"`
	Age  int    `json:"age,omitempty"`
	B    bool
	F    float64
	In   In `json:"in"`
	M    map[string]int
	S    []string
	Ptr  *In
	u    int
	U8   uint8
	By   []byte
	Any  any
}

func main() {
	for _, s := range []string{``, ` `, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{a:1}`, `{"a" 1}`, `[1,`, `[1 2]`, `[1,]`, `]`, `tru`, `trux`, `nul`, `01`, `-`, `1.`, `1e`, `+1`, `"abc`, `"a\qb"`, `"\u12g4"`, "\"a\nb\"", `{} x`, `{}}`, `[`, `{"a":[}`, `nan`, `'a'`, "{\"a\":\x01}", `"\ud800"`, `-a`, `1.a`, `1ea`, "é", `{"a":1 "b"`, `{1:2}`, `[1}`, `{"a":1]`} {
		var v any
		err := json.Unmarshal([]byte(s), &v)
		var se *json.SyntaxError
		off := int64(-1)
		if errors.As(err, &se) {
			off = se.Offset
		}
		fmt.Printf("%q: %v | %v %d\n", s, v, err, off)
	}
	for _, s := range []string{`{"name":1}`, `{"age":"x"}`, `{"age":1.5}`, `{"age":1e400}`, `{"in":{"z":"q"}}`, `{"in":5}`, `{"M":{"a":"b"}}`, `{"M":[1]}`, `{"S":[1,"b"]}`, `{"S":"x"}`, `{"B":1}`, `{"F":"x"}`, `{"U8":300}`, `{"U8":-1}`, `{"By":"!!"}`, `{"By":"aGk="}`, `[1]`, `"x"`, `5`, `null`, `{"NAME":"z","AGE":3}`, `{"Ptr":{"z":4}}`, `{"Ptr":null,"name":null}`, `{"Any":[1,"a",null,true,{"k":1.5}]}`, `{"in":{"W":[1,"x",3]}}`, `{"u":3,"extra":1}`, `{"name":1,"age":7}`, `{"age":99999999999999999999}`} {
		var p P
		err := json.Unmarshal([]byte(s), &p)
		if p.Ptr != nil {
			fmt.Println(p.Ptr)
			p.Ptr = nil
		}
		fmt.Printf("%s: %+v | %v\n", s, p, err)
		var te *json.UnmarshalTypeError
		if errors.As(err, &te) {
			fmt.Println("  ", te.Value, te.Type, te.Offset, te.Struct, te.Field)
		}
	}
	for _, v := range []any{P{}, &P{Name: "<a&b>\u2028é\xff", Ptr: &In{}}, map[string]any{"b": 1, "a": nil}, map[int]string{2: "x", 1: "y"}, []any{1, 1.5, 1e21, 1e-7, "x", true, nil, 1e6, 123456789.0, 0.000001}, []byte("hi"), [2]bool{}, make(chan int), func() {}, 0, complex(1, 2), []int(nil), []int{}, map[string]int(nil), "a\"\\\n\t\r\x01\x7f\b\f", float32(0.1), struct {
		A int    `json:"a,string"`
		B string `json:",omitempty"`
		C int    `json:"-"`
		D int    `json:"-,"`
		e int
	}{A: 1}} {
		b, err := json.Marshal(v)
		fmt.Printf("%s | %v\n", b, err)
	}
	b, err := json.MarshalIndent(P{M: map[string]int{"a": 1}, S: []string{}, Any: []int{1}}, ">", "  ")
	fmt.Println(string(b), err)
	fmt.Println(json.Unmarshal([]byte(`{}`), nil), json.Unmarshal([]byte(`{}`), P{}), json.Unmarshal([]byte(`{}`), (*P)(nil)))
	var i int
	fmt.Println(json.Unmarshal([]byte(`"x"`), &i), json.Unmarshal([]byte(`300`), new(uint8)), json.Unmarshal([]byte(`1.5`), &i))
	var m map[string]int
	fmt.Println(json.Unmarshal([]byte(`{"a":"x","b":2}`), &m), m)
	var a [2]int
	fmt.Println(json.Unmarshal([]byte(`[1,2,3]`), &a), a, json.Unmarshal([]byte(`[7]`), &a), a)
}
