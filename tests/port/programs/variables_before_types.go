// Variables that stand before the types of their fields: the classes of these come first in the port.
package main

import "fmt"

var cfg = Config{Name: "x"}
var early = Items{{name: "early"}}
var table = map[string]Config{"a": {Name: "a"}}
var ptr = &Config{}
var made = NewBox("m")

type Items []Box
type Chans []chan D
type Pairs []Pair
type ByName map[string]Pair

type Box struct {
	name string
	cs   Chans
	ps   Pairs
	by   ByName
	f    func(D) E
	arr  [2]E
	is   []interface{ M() F }
	mm   map[string][]E
}

func NewBox(s string) Box { return Box{name: s} }

type Config struct {
	Name    string
	Servers []Server
	Limits  Limits
	Next    *Config
	Chs     []chan Server
}
type Server struct{ Addr Addr }
type Limits struct{ Max, Min Addr }
type Addr struct{ host string }
type Pair struct{ a, b D }
type D struct{ c *C }
type E struct{ d D }
type F struct{}
type C struct{ n int }

func main() {
	fmt.Println(cfg, len(early), table, ptr.Limits, made.name, made.cs == nil, len(made.arr))
	early[0].ps = append(early[0].ps, Pair{})
	early[0].cs = append(early[0].cs, make(chan D))
	fmt.Println(len(early[0].ps), early[0].by["x"], early[0].f == nil)
}
