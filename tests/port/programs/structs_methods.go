package main

import (
	"fmt"
	"math"
)

type person struct {
	name string
	age  int
}

func newPerson(name string) *person {
	p := person{name: name}
	p.age = 42
	return &p
}

type rect struct {
	width, height int
}

func (r *rect) area() int   { return r.width * r.height }
func (r rect) perim() int   { return 2*r.width + 2*r.height }
func (r *rect) scale(k int) { r.width *= k; r.height *= k }

type geometry interface {
	area() float64
	perim() float64
}

type square struct{ side float64 }
type circle struct{ radius float64 }

func (s square) area() float64  { return s.side * s.side }
func (s square) perim() float64 { return 4 * s.side }
func (c circle) area() float64  { return math.Pi * c.radius * c.radius }
func (c circle) perim() float64 { return 2 * math.Pi * c.radius }

func measure(g geometry) {
	fmt.Println(g)
	fmt.Printf("%.3f %.3f %T\n", g.area(), g.perim(), g)
}

func detectCircle(g geometry) {
	if c, ok := g.(circle); ok {
		fmt.Println("circle with radius", c.radius)
	}
}

type Celsius float64
type Fahrenheit float64

func (c Celsius) F() Fahrenheit     { return Fahrenheit(c*9/5 + 32) }
func (f Fahrenheit) String() string { return fmt.Sprintf("%.1f°F", float64(f)) }

type line struct {
	from, to struct{ x, y float64 }
	label    string
}

func main() {
	fmt.Println(person{"Bob", 20})
	fmt.Println(person{name: "Alice", age: 30})
	fmt.Println(person{name: "Fred"})
	fmt.Println(&person{name: "Ann", age: 40})
	fmt.Println(newPerson("Jon"))
	s := person{name: "Sean", age: 50}
	sp := &s
	sp.age = 51
	t := s
	t.name = "Tom"
	fmt.Println(s.name, sp.age, s.age, t, s == t, *sp == s, person{"a", 1} == person{"a", 1})
	dog := struct {
		name   string
		isGood bool
	}{"Rex", true}
	fmt.Println(dog)
	fmt.Printf("%v %+v %#v %T\n", s, s, s, s)
	fmt.Printf("%v %+v %T\n", sp, sp, sp)

	r := rect{width: 10, height: 5}
	fmt.Println(r.area(), r.perim())
	rp := &r
	rp.scale(2)
	fmt.Println(rp.area(), rp.perim(), r)
	area := r.area
	perim := r.perim // the receiver is copied now
	r.scale(10)
	fmt.Println(area(), perim(), (*rect).area(&r), rect.perim(r))

	measure(square{3})
	measure(circle{5})
	detectCircle(square{3})
	detectCircle(circle{2})
	shapes := []geometry{square{1}, circle{1}, square{2}}
	total := 0.0
	for _, g := range shapes {
		total += g.area()
	}
	fmt.Printf("%.4f %v\n", total, shapes[0] == geometry(square{1}))
	fmt.Println(Celsius(100).F(), Celsius(-40).F(), Celsius(37.5))
	var l line
	l.from.x, l.to.y = 1, 2.5
	m := l
	m.from.x = 100
	fmt.Printf("%v %+v\n", l, m)
	people := map[string]person{"a": {"A", 1}}
	people["b"] = person{age: 2}
	list := []person{{"x", 1}, {"y", 2}}
	list[0].age += 10
	first := list[0]
	first.age = 0
	fmt.Println(people, list, first)
	empty := struct{}{}
	fmt.Println(empty, struct{}{} == empty)
}
