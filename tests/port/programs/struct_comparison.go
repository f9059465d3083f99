package main

import "fmt"

type Point struct{ X, Y int }
type Line struct{ A, B Point }
type Key struct {
	Name string
	Pos  [2]int
	Tag  interface{}
}
type Named struct {
	Point
	name *string
}

type Set[T comparable] map[T]bool

func contains[T comparable](xs []T, x T) bool {
	for _, v := range xs {
		if v == x {
			return true
		}
	}
	return false
}

func tryEqual(a, b interface{}) (result string) {
	defer func() {
		if r := recover(); r != nil {
			result = fmt.Sprint("panic: ", r)
		}
	}()
	return fmt.Sprint(a == b)
}

func main() {
	p, q := Point{1, 2}, Point{1, 2}
	fmt.Println(p == q, &p == &q, p != Point{2, 1}, Line{p, q} == Line{q, p})
	k1 := Key{"a", [2]int{1, 2}, 1}
	k2 := Key{"a", [2]int{1, 2}, int64(1)}
	k3 := Key{"a", [2]int{1, 2}, 1}
	fmt.Println(k1 == k2, k1 == k3)
	m := map[Key]string{k1: "int", k2: "int64"}
	fmt.Println(len(m), m[k3], m[Key{Name: "a"}] == "")
	counts := map[Point]int{}
	for _, d := range []Point{{0, 1}, {1, 0}, {0, 1}} {
		counts[d]++
	}
	fmt.Println(counts[Point{0, 1}], counts)
	s := "n"
	n1, n2 := Named{p, &s}, Named{q, &s}
	fmt.Println(n1 == n2, n1.Point == n2.Point)
	t := "n"
	n2.name = &t
	fmt.Println(n1 == n2)

	fmt.Println(tryEqual(1, 1), tryEqual(1, 1.0), tryEqual("a", "a"), tryEqual(p, q), tryEqual(&p, &p), tryEqual(nil, nil), tryEqual(nil, 0))
	fmt.Println(tryEqual([]int{1}, []int{1}))
	fmt.Println(tryEqual(map[string]int{}, 1), tryEqual([2]int{1, 2}, [2]int{1, 2}))
	fmt.Println(tryEqual(struct{ f []int }{}, struct{ f []int }{}))
	fmt.Println(tryEqual(uint8(5), byte(5)), tryEqual('a', int32(97)), tryEqual(Point{}, struct{ X, Y int }{}))
	fmt.Println(contains([]Point{{1, 2}}, q), contains([]string{"x"}, "y"), contains([]float64{0.1 + 0.2}, 0.3))
	anon := struct{ X, Y int }{1, 2}
	fmt.Println(anon == p, Point(anon) == p)
	seen := Set[Line]{}
	seen[Line{p, q}] = true
	r := Line{Point{1, 2}, Point{1, 2}}
	fmt.Println(seen[r], len(seen))
	r.A.X = 50
	fmt.Println(seen[r], r)
	ifaces := map[interface{}]int{p: 1, "p": 2, 3: 3, [2]int{}: 4, nil: 5}
	fmt.Println(ifaces[q], ifaces[nil], ifaces[[2]int{0, 0}], ifaces[int8(3)])
	defer func() { fmt.Println(recover()) }()
	ifaces[[]int{1}] = 6
}
