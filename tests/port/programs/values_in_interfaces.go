// What interfaces, deferred calls and map keys hold does not change with the variable it came from.
package main

import (
	"errors"
	"fmt"
)

type point struct {
	x, y int
	__z  int
}

func (p point) show()        { fmt.Println("show", p.x, p.y) }
func (p *point) move(dx int) { p.x += dx; p.__z++ }

type row [2]int

const third = 1.0 / 3

type manyErrors []error

func (m manyErrors) Error() string   { return fmt.Sprint(len(m), " errors: ", []error(m)) }
func (m manyErrors) Unwrap() []error { return m }

func kind(v any) string {
	switch v.(type) {
	case struct{}:
		return "empty struct"
	case []struct{}:
		return "slice of empty structs"
	case point:
		return "point"
	}
	return "other"
}

func deferred() {
	p := point{x: 1, y: 2}
	defer p.show()
	p.move(10)
	q := &point{x: 5}
	defer q.show()
	q.x = 6
	q = &point{x: 7}
	done := make(chan bool)
	go p.send(done)
	p.move(100)
	<-done
}

func (p point) send(done chan<- bool) {
	p.show()
	done <- true
}

func main() {
	var held any = point{x: 1}
	if p, ok := held.(point); ok {
		p.move(1)
		fmt.Println(p, held)
	}
	p, ok := held.(point)
	p.x = 50
	fmt.Println(p, ok, held)
	var r row
	held = row{1, 2}
	r, ok = held.(row)
	r[0] = 9
	fmt.Println(r, ok, held)
	deferred()
	seen := map[point]bool{{x: 1}: true, {x: 2}: true}
	for k := range seen {
		k.move(5)
		delete(seen, point{x: k.x - 5})
	}
	fmt.Println(len(seen))
	fmt.Println(kind(struct{}{}), kind([]struct{}{}), kind(point{}), kind(&point{}), kind(map[string]struct{}{}))
	var narrow float32 = third
	fmt.Println(narrow, narrow*3 == 1, float64(narrow), third)
	last := errors.New("last")
	err := manyErrors{errors.New("first"), last}
	fmt.Println(err, errors.Is(err, last), errors.Is(err, err), errors.Is(err, errors.New("last")))
}
