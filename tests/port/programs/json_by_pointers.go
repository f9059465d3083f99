package main

import (
	"encoding/json"
	"fmt"
)

type Temp float64

func (t Temp) MarshalText() ([]byte, error) { return []byte(fmt.Sprintf("%.1fC", float64(t))), nil }

type Lvl int

func (l Lvl) MarshalJSON() ([]byte, error) { return json.Marshal(fmt.Sprint("L", int(l))) }

type Up string

func (u *Up) MarshalText() ([]byte, error) { return []byte("up:" + string(*u)), nil }

func (t *Temp) UnmarshalText(b []byte) error {
	_, err := fmt.Sscanf(string(b), "%fC", (*float64)(t))
	return err
}

func (l *Lvl) UnmarshalJSON(b []byte) error {
	_, err := fmt.Sscanf(string(b), "\"L%d\"", (*int)(l))
	return err
}

type Names []string

func (n *Names) UnmarshalText(b []byte) error { *n = append(*n, string(b)); return nil }

type Back struct {
	T Temp
	P *Temp `json:"p"`
	L *Lvl
	M map[string]*Lvl
	S []*Temp
	K map[Temp]Lvl
	N Names
	O *Names
}

type R struct {
	T  Temp
	P  *Temp `json:"p,omitempty"`
	L  *Lvl
	M  map[string]*Lvl
	S  []*Temp
	U  *Up
	V  Up
	I  any
	Q  *int
	QQ **int
}

func main() {
	t, l, u, q := Temp(3), Lvl(4), Up("x"), 7
	qq := &q
	r := R{T: 1, P: &t, L: &l, M: map[string]*Lvl{"a": &l, "n": nil}, S: []*Temp{&t, nil}, U: &u, V: "v", I: &t, Q: &q, QQ: &qq}
	b, err := json.Marshal(r)
	fmt.Println(string(b), err)
	b, err = json.Marshal(&r)
	fmt.Println(string(b), err)
	b, err = json.Marshal([]any{&t, t, &l, l, &u, u, &q, &qq, nil, (*Temp)(nil)})
	fmt.Println(string(b), err)
	b, err = json.Marshal(map[Lvl]int{1: 2})
	fmt.Println(string(b), err)
	b, err = json.Marshal(map[Temp]*Temp{1: &t})
	fmt.Println(string(b), err)
	var back Back
	err = json.Unmarshal([]byte(`{"T":"1.5C","p":"2C","L":"L9","M":{"a":"L1","n":null},"S":["4C",null],"K":{"3C":"L3"},"N":"x","O":"y"}`), &back)
	fmt.Println(err, back.T, *back.P, *back.L, *back.M["a"], back.M["n"] == nil, *back.S[0], back.S[1] == nil, back.K, back.N, *back.O)
	p := back.P
	err = json.Unmarshal([]byte(`{"p":"7C","N":"z"}`), &back)
	fmt.Println(err, *p, p == back.P, back.N)
	err = json.Unmarshal([]byte(`{"p":"hot"}`), &back)
	fmt.Println(err)
}
