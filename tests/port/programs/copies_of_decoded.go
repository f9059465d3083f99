package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

type Msg struct {
	ID   int
	In   Inner
	Name string
}
type Inner struct{ V [2]int }
type Val struct{ n int }

func (v Val) Error() string { return fmt.Sprint("val", v.n) }

type Conf struct{ Debug bool }

func load(c *Conf, text string) bool { return json.Unmarshal([]byte(text), c) == nil }

func main() {
	dec := json.NewDecoder(strings.NewReader(`{"ID":1,"In":{"V":[1,2]}} {"ID":2,"Name":"b"} {"ID":3,"In":{"V":[5]}}`))
	var m Msg
	var all []Msg
	var ins []Inner
	for dec.More() {
		if err := dec.Decode(&m); err != nil {
			fmt.Println(err)
			break
		}
		all = append(all, m)
		ins = append(ins, m.In)
	}
	fmt.Println(all, ins)
	var v Val
	var vs []Val
	for i := range 3 {
		if errors.As(error(Val{i}), &v) {
			vs = append(vs, v)
		}
	}
	fmt.Println(vs)
	c := Conf{}
	old := c
	fmt.Println(load(&c, `{"Debug":true}`), old, c)
}
