package main

import (
	"errors"
	"fmt"
	"math"
	"os"
)

type point struct {
	x, y int
}

type Temp float64

func (t Temp) String() string { return fmt.Sprintf("%.1f°C", float64(t)) }

type inner struct {
	Name string
	Tags []string
}
type outer struct {
	ID    int
	In    inner
	Ptr   *inner
	M     map[string]int
	Any   interface{}
	Err   error
	F     float64
	B     []byte
	Arr   [2]bool
	Temps []Temp
}

func main() {
	p := point{1, 2}
	fmt.Printf("struct1: %v\nstruct2: %+v\nstruct3: %#v\ntype: %T\n", p, p, p, p)
	fmt.Printf("%t|%5t|%v\n", true, false, true)
	fmt.Printf("%d|%+d|%5d|%-5d|%05d|%x|%X|%#x|%o|%#o|%O|%b|%08b|%c|%q|%U\n", 123, 123, 123, 123, -123, 456, 456, 456, 8, 8, 8, 14, 5, 33, 'x', '⌘')
	fmt.Printf("%f|%.2f|%8.3f|%-8.1f|%+.1f|%e|%E|%g|%G|%08.2f|% d|%.0f\n", 78.9, 3.14159, 3.14159, 2.55, 2.0, 123400000.0, 123400000.0, 1e-7, 1e21, -3.5, 42, 2.5)
	fmt.Printf("%s|%q|%x|%X|% x|%10s|%-10s|%.2s|%5.1s|\n", "\"string\"", "\"str\"\n", "hex this", "hi", "abc", "foo", "bar", "héllo", "xyz")
	fmt.Printf("|%6d|%6d|\n|%-6.2f|%6.2f|\n|%6s|%-6s|\n", 12, 345, 1.2, 3.45, "foo", "é")
	fmt.Printf("%*d|%-*d|%.*f\n", 5, 42, 5, 42, 2, math.Pi)
	fmt.Printf("%[2]d %[1]d %[2]q\n", 1, 65)
	fmt.Printf("%v %v %v %v %v\n", []string{"a", "b"}, []int(nil), map[string]int{"z": 1, "a": 2}, [3]bool{true}, struct{}{})
	fmt.Printf("%+v %#v %#v %#v\n", []point{{1, 2}}, []string{"a"}, map[string]int{"a": 1}, []interface{}{1, "a", nil})
	fmt.Printf("%q %x %d %s %v\n", []string{"a b", "c"}, []byte("hi"), []byte("hi"), []byte("hi"), []byte("hi"))
	fmt.Printf("%v %s %d\n", Temp(21.55), Temp(-3), []int{1, 2})
	fmt.Printf("%6.2f%%|%v|%v|%v\n", 99.5, math.Inf(1), math.NaN(), -math.Inf(1))
	fmt.Printf("%d %s\n", "text", 5)
	fmt.Printf("%d\n", 1, 2)
	fmt.Printf("%d %d\n", 1)
	fmt.Printf("%z %!\n", 3)
	fmt.Printf("%v %d %s\n", nil, nil, error(nil))
	fmt.Printf("%v|%5v|%-5v|%05v\n", 7, 7, 7, 7)
	fmt.Printf("%t %v\n", 1, errors.New("bad"))
	fmt.Printf("%x %X %x\n", -255, "hello", 3.5)
	fmt.Printf("%5c|%-5c|%c%c\n", 'a', 'b', 0x4E16, 0x754C)
	fmt.Printf("%08.3f|%+08d|%x|%#v|%#v\n", 3.14159, 42, []string{"ab", "c"}, 1.0, "q")
	fmt.Printf("%6v|%-8v|%v\n", []int{1, 22}, "ab", &p)
	o := outer{ID: 1, In: inner{"n", []string{"x", "y z"}}, Ptr: nil, M: map[string]int{"k": 1}, Any: 2.0, Err: errors.New("e"), F: 1e100, B: []byte{1, 255}, Temps: []Temp{1, 2.25}}
	fmt.Printf("%v\n%+v\n", o, o)
	fmt.Println(o.In, &o.In, []*int{nil}, []interface{}{nil, 1, "s", 'r', 2.50, true, []string(nil)})
	fmt.Println("a", 1, 2, "b", "c", 3.0, 'x', nil, true)
	fmt.Print("a", 1, 2, "b", "c", 3.0, 4.5, nil, nil, "\n")
	s := fmt.Sprintf("%s %v %d", "sprintf", []error{nil}, uint8(200))
	fmt.Println(s, len(s), fmt.Sprint(), fmt.Sprintln("x", 1) == "x 1\n")
	fmt.Println(float32(1)/3, 1.0/3, 1e9, 1e-9, 100000.0, 1234567.0, 12345678901234567890.0, float32(16777216.0), complex(1, -2))
	fmt.Println(int8(-5), uint64(math.MaxUint64), uintptr(10), 07, 'a', "tab\tq")
	fmt.Printf("%3d|%-3d|%03d|% 3d|%+3d\n", -7, -7, -7, 7, 7)
	fmt.Printf("%t|%q|%#q|%+q|%x\n", false, 'é', "back`tick", "é", "é")
	fmt.Printf("%10.3v|%-10v|%g|%.3g|%10.2e\n", 3.14159, 2.5, 100000.0, 1234.5678, 1234.5678)
	fmt.Fprintf(os.Stderr, "an %s\n", "error")
	fmt.Fprintln(os.Stdout, "to stdout", 1)
}
