package main

import (
	"fmt"
	"os"
	"strings"
)

type Celsius float64
type Color int

const (
	Red Color = iota
	Green
)

func (c Color) String() string { return [...]string{"Red", "Green"}[c] }

type Point struct{ X, Y int }
type PPoint struct{ X, Y int }

func (p *PPoint) String() string { return fmt.Sprintf("(%d,%d)", p.X, p.Y) }

type Err struct{ msg string }

func (e Err) Error() string { return "Err:" + e.msg }

type Wrapper struct {
	C    Color
	P    Point
	PP   PPoint
	Ptr  *Point
	E    error
	Any  any
	List []Color
	M    map[Color]Point
	Fn   func()
	Ch   chan int
	B    []byte
	s    string
	u    uint8
	r    rune
	f    float32
	c    complex64
	Nest struct{ A, B any }
}

type Bag map[string][]int
type Names []string

func (n Names) String() string { return "<" + strings.Join(n, "+") + ">" }

func describe(args ...any) {
	for i, a := range args {
		fmt.Printf("%d: %v | %+v | %T\n", i, a, a, a)
	}
}

func main() {
	describe(1, "two", 3.0, nil, true, 'x', byte(1), Celsius(36.6), Red, Point{1, 2}, &Point{3, 4}, PPoint{1, 2}, &PPoint{5, 6})
	describe([]any{1, "a", nil, Green, []int{1}}, map[string]any{"b": Red, "a": []string{"x y", ""}}, Err{"e"}, &Err{"p"}, Bag{"k": {1, 2}}, Names{"a", "b"})
	describe([3]string{"a", "", "c"}, [][]int{{1}, {}, nil}, []Point{{1, 2}}, []*Point{nil}, map[Point]string{{2, 1}: "b", {1, 9}: "a"}, struct{}{}, []error{Err{"x"}, nil})
	describe(int8(-1), uint(7), 2.5e10, float32(0.1), 1+2i, []float64{1, 2.5}, []byte("hi"), [2]byte{1, 2}, []rune("hé"), Celsius(-0.5), []bool{true})
	w := Wrapper{C: Green, P: Point{1, 2}, PP: PPoint{3, 4}, E: Err{"w"}, Any: Red, List: []Color{Red, Green}, M: map[Color]Point{Green: {1, 1}, Red: {}}, B: []byte{7}, s: "str", u: 8, r: 'r', f: 1.5, c: 2i}
	w.Nest.A = []any{1, "z"}
	fmt.Printf("%v\n%+v\n", w, w)
	fmt.Println(w.List, w.M, w.Nest)
	var e error
	var p *Point
	var m map[string]int
	var f func()
	fmt.Println(e, p, m, f == nil, []string(nil), [0]int{})
	fmt.Printf("%s %d %q %x\n", Green, Green, Green, Green)
	fmt.Printf("%s|%v|%d|%s\n", Err{"a"}, Err{"b"}, Point{1, 2}, []string{"x", "y"})
	fmt.Printf("%5v|%-7v|%05d|%6.2v|%t\n", Red, Green, []int{1, 2}, []float64{1, 2.55}, []bool{true, false})
	fmt.Printf("%#v %#v %#v %#v %#v\n", Point{1, 2}, Red, Celsius(1), []Point{{3, 4}}, Bag{"a": nil})
	fmt.Printf("%#v %#v %#v %#v %#v\n", "q", []any{1, nil, "s"}, struct {
		A int
		B string
	}{1, "b"}, uint8(3), [2]bool{true})
	fmt.Println(fmt.Sprint("a", "b", 1, 2, true, "c", 3.5, Red, Green), fmt.Sprint(1, 2), fmt.Sprint("x", 1, "y"))
	fmt.Print(Point{1, 2}, "\n", &Point{3, 4}, Names{"q"}, "\n")
	fmt.Fprint(os.Stdout, 1, "-", 2, '\n', "\n")
	fmt.Println(strings.Repeat("=", 10), len(fmt.Sprintln()))
	var nothing any = 5
	var failure error
	var small int8
	fmt.Printf("%T %T %T %T\n", &nothing, &failure, &small, []*any{&nothing})
	var boxed any = &nothing
	_, isAny := boxed.(*any)
	_, isInt := boxed.(*int)
	fmt.Println(isAny, isInt)
}
