package main

import (
	"fmt"
	"strings"
)

type ServerState int

const (
	StateIdle ServerState = iota
	StateConnected
	StateError
	StateRetrying
)

var stateName = map[ServerState]string{
	StateIdle:      "idle",
	StateConnected: "connected",
	StateError:     "error",
	StateRetrying:  "retrying",
}

func (ss ServerState) String() string { return stateName[ss] }

func transition(s ServerState) ServerState {
	switch s {
	case StateIdle:
		return StateConnected
	case StateConnected, StateRetrying:
		return StateIdle
	case StateError:
		return StateError
	default:
		panic(fmt.Errorf("unknown state: %s", s))
	}
}

type Weekday uint8

const (
	Sunday Weekday = iota
	Monday
	Tuesday
	_
	Thursday
)

type Perm uint

const (
	Read Perm = 1 << iota
	Write
	Exec
	All = Read | Write | Exec
)

func (p Perm) String() string {
	if p == 0 {
		return "none"
	}
	var parts []string
	for i, name := range []string{"read", "write", "exec"} {
		if p&(1<<uint(i)) != 0 {
			parts = append(parts, name)
		}
	}
	return strings.Join(parts, "|")
}

const (
	a, b = iota, iota * 10
	c, d
	_, _
	e, f
)

const (
	first = iota + 5
	second
	str = "text"
	again
	fifth = iota
)

type Level string

const (
	Debug Level = "debug"
	Info  Level = "info"
)

type Size int

func (s Size) Double() Size { return s * 2 }

func main() {
	ns := transition(StateIdle)
	fmt.Println(ns, StateIdle)
	ns2 := transition(ns)
	fmt.Println(ns2)
	fmt.Printf("%v %d %s %q %x %T %+v %5d|%-12s|\n", ns, ns, ns, ns, ns, ns, ns, ns, ns)
	fmt.Println(Thursday, Monday+1, Tuesday-2, len("x"[:Sunday]))
	p := Read | Exec
	fmt.Println(p, Perm(0), All, p&^Read, p&Write != 0, All^Write, ^p&All)
	p |= Write
	p &^= Read
	fmt.Println(p, int(p))
	fmt.Println(a, b, c, d, e, f, first, second, str, again, fifth)
	fmt.Println(Debug, Info == "info", Level("x")+Debug, len(Info))
	fmt.Println([]ServerState{StateIdle, StateError}, map[ServerState]int{StateError: 1, StateIdle: 2}, struct{ S ServerState }{StateRetrying})
	fmt.Println(Size(4).Double()+1, Size(10)/3, ServerState(2), ServerState(9) == 9)
	for s := StateIdle; s <= StateRetrying; s++ {
		fmt.Print(s, " ")
	}
	fmt.Println()
	state := StateError
	state++
	fmt.Println(state, state == StateRetrying, state > StateIdle)
	transition(12)
}
