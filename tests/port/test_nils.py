"""Which channels may be nil.

A line of a program that ends in `// nil` has an operation on a channel that may be nil; the operations of
other lines have channels that are never nil.
"""

from pathlib import Path

import pytest

from gochan.port import tree
from gochan.port.lists import Lists
from gochan.port.nils import NilChannels
from gochan.port.ranges import Ranges

pytestmark = [pytest.mark.timeout(400), pytest.mark.once]

PROGRAM = """package main

type worker struct {
	in, out chan int
	quit    chan bool
}

type hub struct {
	workers []worker
	stop    chan string
}

var global = make(chan int8)
var later chan int16

func produce(out chan<- int32) {
	out <- 1
	close(out)
}

func named() (ch chan uint8) {
	return
}

func made() chan uint16 {
	return make(chan uint16, 1)
}

func filled(n int) {
	rows := make([]chan uint32, n)
	for i := range rows {
		rows[i] = make(chan uint32)
		go func() { rows[i] <- 1 }()
	}
	for _, ch := range rows {
		<-ch
	}
	var fixed [3]chan uint64
	for i := 0; i < len(fixed); i++ {
		fixed[i] = make(chan uint64)
	}
	<-fixed[n]
}

func half(n int) {
	rows := make([]chan float64, n)
	for i := range rows {
		if i == 2 {
			break
		}
		rows[i] = make(chan float64)
	}
	<-rows[0] // nil
	shrinking := make([]chan float32, n)
	for i := 0; i < n; i++ {
		shrinking[i] = make(chan float32)
		n--
	}
	<-shrinking[0] // nil
	chain := make([]chan complex64, n)
	for i := range chain {
		chain[i] = make(chan complex64)
		if i+1 < n {
			<-chain[i+1] // nil
		}
	}
}

func switched(data chan string) {
	var out chan []int
	for range data {
		select {
		case out <- nil: // nil
		default:
		}
		out = make(chan []int)
	}
}

type ticket struct{ reply chan rune }

func main() {
	w := worker{in: make(chan int), out: make(chan int)}
	w.in <- 1
	<-w.out
	<-w.quit // nil
	h := hub{[]worker{w}, make(chan string)}
	h.stop <- "x"
	<-global
	<-later // nil
	ch := make(chan int32)
	go produce(ch)
	for range ch {
	}
	<-named() // nil
	<-made()
	filled(2)
	half(3)
	switched(h.stop)
	byName := map[string]chan byte{"a": make(chan byte)}
	for _, each := range byName {
		<-each // nil
	}
	<-byName["b"] // nil
	requests := make(chan ticket)
	go func() { requests <- ticket{make(chan rune)} }()
	(<-requests).reply <- 'x'
	nested := make(chan chan struct{})
	close(nested)
	<-<-nested // nil
	var any interface{} = 1
	other, _ := any.(chan [2]int)
	<-other // nil
	p := new(chan [3]int)
	<-*p // nil
	<-(chan [5]int)(nil) // nil
	tail := []chan [4]int{make(chan [4]int)}[:1]
	<-tail[0] // nil
}
"""


def test_channels(tmp_path: Path) -> None:
    path = tmp_path / "main.go"
    path.write_text(PROGRAM)
    program = tree.load(path)
    nils = NilChannels(program, Lists(program, Ranges(program)))
    found: dict[int, bool] = {}
    for n in program.main.walk():
        channel = n.Chan if n.kind == "SendStmt" else n.X if n.kind == "UnaryExpr" and n.Op == "<-" else None
        if n.kind == "RangeStmt" and n.over == "chan":
            channel = n.X
        if channel is not None:
            found[n.line] = found.get(n.line, False) or nils.may_be_nil(channel)
    lines = PROGRAM.splitlines()
    wanted = {line: lines[line - 1].endswith("// nil") for line in found}
    assert found == wanted, [lines[line - 1] for line in found if found[line] != wanted[line]]


GENERIC = """package main

type ticket struct{ reply chan rune }

func pop[T any](all []T) (T, bool) {
	var zero T
	if len(all) == 0 {
		return zero, false
	}
	return all[0], true
}

func main() {
	t, _ := pop([]ticket{{make(chan rune, 1)}})
	t.reply <- 'x'
}
"""


def test_the_zero_value_of_a_type_parameter(tmp_path: Path) -> None:
    path = tmp_path / "main.go"
    path.write_text(GENERIC)
    program = tree.load(path)
    nils = NilChannels(program, Lists(program, Ranges(program)))
    (channel,) = [n.Chan for n in program.main.walk() if n.kind == "SendStmt"]
    assert nils.may_be_nil(channel)
