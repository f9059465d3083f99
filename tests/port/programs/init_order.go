package main

import "fmt"

var (
	a    = b + 1
	b    = f("b", c*2)
	c    = f("c", 3)
	_    = f("blank", 0)
	d, e = pair(a)
)

var table = map[string]int{"a": a, "e": len(e)}

func f(name string, v int) int {
	fmt.Println("init", name, v)
	return v
}

func pair(n int) (int, string) {
	fmt.Println("pair", n, counter)
	return n * 10, fmt.Sprint("e", n)
}

var counter = 5

func init() {
	fmt.Println("first init", a, b, c, d, e, counter)
	counter++
}

var e2 = len(e)

func init() {
	fmt.Println("second init", counter, e2)
	registry["two"] = func() string { return "registered second" }
}

var registry = make(map[string]func() string)

type plugin struct{ name string }

var plugins = []*plugin{{"x"}, newPlugin("y")}

func newPlugin(name string) *plugin {
	fmt.Println("new plugin", name)
	return &plugin{name}
}

func init() {
	for _, p := range plugins {
		registry[p.name] = func() string { return "plugin " + p.name }
	}
}

func main() {
	fmt.Println("main", table["a"], len(registry))
	for _, k := range []string{"two", "x", "y"} {
		fmt.Println(registry[k]())
	}
	const local = 1 << 3
	var (
		x, y = local, "s"
		z    float64
	)
	fmt.Println(x, y, z)
}
