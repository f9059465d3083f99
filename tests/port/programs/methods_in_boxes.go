package main

import "fmt"

// Methods of what is in an interface as a pointer to a type that is no struct.

type celsius int32

func (c celsius) double() int { return int(c * 2) }
func (c *celsius) raise()     { *c += 10 }
func (c celsius) V() string   { return fmt.Sprint("v", int32(c)) }
func (c celsius) T() string   { return fmt.Sprint("t", int32(c)) }

type meter interface {
	double() int
	raise()
	V() string
	T() string
}

type names []string

func (n names) count() int { return len(n) }

type counter interface{ count() int }

type room struct{ celsius }

// A method that does not need its receiver.

type adder struct{ calls int }

func (*adder) Sum(numbers ...int) int {
	total := 0
	for _, n := range numbers {
		total += n
	}
	return total
}

type calculator struct{ *adder }

type summer interface{ Sum(...int) int }

func main() {
	degrees := celsius(20)
	var m meter = &degrees
	m.raise()
	fmt.Println(m.double(), m.V(), m.T(), degrees)
	r := &room{5}
	m = r
	m.raise()
	fmt.Println(m.double(), m.V(), m.T(), r.celsius)

	list := names{"a", "b"}
	var c counter = list
	fmt.Println(c.count())
	c = &list
	list = append(list, "c")
	fmt.Println(c.count())
	fmt.Println((*names).count(&list), (*celsius).double(&degrees), celsius.double(degrees))
	double := (*celsius).double
	fmt.Println(double(&degrees))

	var s summer = calculator{}
	fmt.Println(s.Sum(1, 2, 3), calculator{}.Sum(4), calculator.Sum(calculator{}, 5, 6))

	const x = 2
	{
		const (
			x = x + x
			y
		)
		fmt.Println(x, y)
	}
}
