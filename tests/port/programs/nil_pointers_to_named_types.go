package main

import (
	"errors"
	"fmt"
)

type Path []string

func (p Path) String() string { return fmt.Sprint("path of ", len(p)) }

type Stack []int

func (s *Stack) Push(x int)    { *s = append(*s, x) }
func (s Stack) String() string { return fmt.Sprint("stack ", len(s)) }

type Ptr []int

func (p *Ptr) String() string {
	if p == nil {
		return "none"
	}
	return fmt.Sprint("ptr ", len(*p))
}

type Code int

func (c Code) String() string { return fmt.Sprint("code ", int(c)) }

type Point struct{ x, y int }

func (p Point) String() string { return fmt.Sprint("pt ", p.x) }

type Pair [2]int

func (p Pair) String() string { return "pair" }

type M map[string]int

func (m M) String() string { return fmt.Sprint("map ", len(m)) }

type E []int

func (e E) Error() string { return "err" }

type holder struct {
	P *Path
	S *Stack
	C *Code
}

func main() {
	var p *Path
	var s *Stack
	var q *Ptr
	var c *Code
	var pt *Point
	var pr *Pair
	var m *M
	var e *E
	fmt.Println(p, s, c, pt, pr, m, e)
	fmt.Println(q)
	fmt.Printf("%v %s %d %+v\n", p, p, p, p)
	fmt.Printf("%v %s %+v\n", s, s, s)
	fmt.Printf("%v %s\n", c, c)
	fmt.Printf("%v %s\n", pt, pt)
	fmt.Printf("%v %s %T %T\n", pr, m, pr, s)
	fmt.Printf("%v %s %T\n", q, q, q)
	fmt.Println(fmt.Sprint(p), fmt.Sprint(s), fmt.Sprint(c))
	var any1 any = s
	fmt.Println(any1 == nil, any1)
	fmt.Println(holder{}, []*Path{nil}, []fmt.Stringer{s, c})
	s = &Stack{1}
	s.Push(2)
	p = &Path{"a"}
	fmt.Println(p, s, *p, *s)
	fmt.Println(holder{P: p, S: s})
	var err error = e
	fmt.Println(err == nil, errors.Is(err, nil))
	fmt.Println(err)
}
