package main

import (
	"fmt"
	"strings"
	"sync"
)

type base struct {
	num int
}

func (b base) describe() string { return fmt.Sprintf("base with num=%v", b.num) }
func (b *base) bump()           { b.num++ }

type container struct {
	base
	str string
}

type describer interface {
	describe() string
}

type bumper interface {
	describer
	bump()
}

type Animal struct{ Name string }

func (a *Animal) Speak() string { return a.Name + " makes a sound" }
func (a Animal) Kind() string   { return "animal" }

type Dog struct {
	*Animal
	Breed string
}

func (d Dog) Speak() string { return d.Animal.Speak() + ": woof" }

type Puppy struct {
	Dog
	age int
}

func (p Puppy) Kind() string { return "young " + p.Dog.Kind() }

type SafeCounter struct {
	sync.Mutex
	m map[string]int
}

func (c *SafeCounter) Inc(k string) {
	c.Lock()
	defer c.Unlock()
	c.m[k]++
}

type Logger struct {
	strings.Builder
	prefix string
}

func (l *Logger) Log(s string) { l.WriteString(l.prefix + s + "\n") }

type Speaker interface{ Speak() string }

type Robot struct {
	Speaker
	model string
}

type A struct{ X, Y int }
type B struct{ X string }
type C struct {
	A
	B
	Y float64
}

func main() {
	co := container{base: base{num: 1}, str: "some name"}
	fmt.Printf("co={num: %v, str: %v}\n", co.num, co.str)
	fmt.Println("also num:", co.base.num)
	fmt.Println(co.describe())
	var d describer = co
	co.bump()
	fmt.Println(d.describe(), "|", co.describe())
	var bb bumper = &co
	bb.bump()
	fmt.Println(bb.describe(), co.num)
	fmt.Printf("%v %+v\n", co, co)
	cp := co
	cp.num = 100
	fmt.Println(co.num, cp.num)

	p := Puppy{Dog{&Animal{"Rex"}, "lab"}, 1}
	fmt.Println(p.Speak(), "/", p.Kind(), "/", p.Dog.Kind(), "/", p.Name)
	q := p
	q.Name = "Max" // the animal is shared
	q.Breed = "pug"
	fmt.Println(p.Name, p.Breed, q.Name, q.Breed)
	var s Speaker = p
	fmt.Println(s.Speak())
	_, isDog := s.(Dog)
	_, isPuppy := s.(Puppy)
	fmt.Println(isDog, isPuppy)

	c := SafeCounter{m: map[string]int{}}
	var wg sync.WaitGroup
	for i := 0; i < 10; i++ {
		wg.Add(1)
		go func() { defer wg.Done(); c.Inc("hits") }()
	}
	wg.Wait()
	fmt.Println(c.m)

	l := &Logger{prefix: "> "}
	l.Log("one")
	l.Log("two")
	fmt.Print(l.String(), l.Len(), "\n")

	r := Robot{p, "R2"}
	fmt.Println(r.Speak(), r.model)
	r.Speaker = &Animal{"Tin"}
	fmt.Println(r.Speak())
	x := C{A: A{1, 2}, B: B{"bx"}, Y: 2.5}
	fmt.Println(x.A.X, x.B.X, x.Y, x.A.Y)
	fmt.Printf("%+v\n", x)
	speak := r.Speak
	r.Speaker = Dog{&Animal{"Fido"}, ""}
	fmt.Println(speak(), "|", r.Speak())
	var none Robot
	defer func() { fmt.Println("recovered:", recover()) }()
	none.Speak()
}
