// Prints what fmt makes of values by formats: a line of JSON with the formats, then a line for each value with
// its name and the results.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"time"
)

type Color int

func (c Color) String() string { return fmt.Sprintf("Color(%d)", int(c)) }

type Celsius float64

type Name string

type Point struct{ X, Y int }

type hidden struct {
	color Color
	name  string
	when  time.Duration
}

type Shown struct {
	Color Color
	Name  string
	Any   any
	Err   error
}

type Line struct {
	A, B Point
	P    *Point
	Tags []string
	M    map[string]int
}

type Stringy struct{ n int }

func (s Stringy) String() string { return fmt.Sprint("stringy ", s.n) }

type PtrStringy struct{ n int }

func (s *PtrStringy) String() string { return fmt.Sprint("ptr ", s.n) }

type MyErr struct{ Code int }

func (e *MyErr) Error() string { return fmt.Sprintf("code %d", e.Code) }

type Panicky struct{}

func (Panicky) String() string { panic("no") }

type NilDeref struct{ p *int }

func (n NilDeref) String() string { return fmt.Sprint(*n.p) }

type GoS struct{ n int }

func (g GoS) GoString() string { return "GoS!" }

type Fmter struct{}

func (Fmter) Format(f fmt.State, verb rune) {
	w, wok := f.Width()
	p, pok := f.Precision()
	fmt.Fprintf(f, "<%c %d %t %d %t %t%t%t%t%t>", verb, w, wok, p, pok, f.Flag('+'), f.Flag('-'), f.Flag('#'), f.Flag(' '), f.Flag('0'))
}

type Ints []int

type IntMap map[string]int

type Wrapper struct {
	Inner fmt.Stringer
	D     time.Duration
	d     time.Duration
}

func main() {
	var nilPtr *Point
	var nilSlice []int
	var nilMap map[string]int
	var nilErr error
	var nilStringy *PtrStringy
	var nilFunc func()
	type entry struct {
		name  string
		value any
	}
	values := []entry{
		{"true", true}, {"0", 0}, {"7", 7}, {"-42", -42}, {"1234567", 1234567},
		{"minint", math.MinInt64}, {"maxuint", uint64(math.MaxUint64)},
		{"uint8", uint8(200)}, {"int8", int8(-5)}, {"rune", 'é'}, {"rune2", '世'}, {"badrune", rune(-1)}, {"surrogate", rune(0xD800)},
		{"uintptr", uintptr(0xbeef)},
		{"1.0", 1.0}, {"3.14159", 3.14159}, {"-0.0", math.Copysign(0, -1)}, {"1e6", 1e6}, {"1e20", 1e20}, {"1e21", 1e21}, {"123456789.0", 123456789.0}, {"1e-5", 1e-5}, {"0.0001", 0.0001},
		{"inf", math.Inf(1)}, {"-inf", math.Inf(-1)}, {"nan", math.NaN()}, {"max", math.MaxFloat64}, {"tiny", 5e-324}, {"100.0", 100.0},
		{"f32", float32(0.1)}, {"f32big", float32(16777216)},
		{"complex", complex(1.5, -2)}, {"c64", complex64(complex(0.1, 1e10))},
		{"empty", ""}, {"hi", "hi"}, {"quoted", "a\"b\\c\n\t\x00"}, {"uni", "héllo 世界"}, {"bad", "a\xffb"}, {"tick", "a`b"}, {"zw", "\u200b\u00a0\U0001F600"},
		{"bytes", []byte("hé\xff")}, {"nilbytes", []byte(nil)}, {"array", [3]byte{1, 2, 3}}, {"ints", []int{1, -2, 30}}, {"strs", []string{"a", "b c", ""}}, {"nilslice", nilSlice}, {"emptyslice", []int{}},
		{"anys", []any{1, "a", nil, 2.5, true, 'x'}}, {"nested", [][]int{{1}, {2, 3}, nil}}, {"array2", [2]bool{true, false}}, {"floats", []float64{1, 2.5, 1e21}}, {"errs", []error{errors.New("e1"), nil}},
		{"map", map[string]int{"b": 2, "a": 1, "é": 3}}, {"map2", map[int]string{3: "x", -1: "y"}}, {"nilmap", nilMap}, {"boolmap", map[bool]int{true: 1, false: 0}}, {"fmap", map[float64]int{2.5: 1, -1: 2}}, {"structmap", map[Point]string{{2, 1}: "b", {1, 5}: "a"}}, {"anymap", map[any]int{"a": 1, 2: 2, 1.5: 3, true: 4}},
		{"nil", nil}, {"nilptr", nilPtr}, {"nilerr", nilErr}, {"nilstringy", nilStringy}, {"nilfunc", nilFunc},
		{"color", Color(3)}, {"celsius", Celsius(36.6)}, {"name", Name("bob")}, {"namednames", []Name{"x", "y"}}, {"colors", []Color{1, 2}}, {"colormap", map[Color]Color{2: 1, 1: 2}},
		{"point", Point{1, -2}}, {"ppoint", &Point{3, 4}}, {"hidden", hidden{2, "n", time.Second}}, {"shown", Shown{4, "s", 5, errors.New("bad")}}, {"shownnil", Shown{}}, {"shownpt", Shown{Any: Point{1, 2}}},
		{"line", Line{A: Point{1, 2}, Tags: []string{"q"}, M: map[string]int{"k": 1}}}, {"points", []Point{{1, 2}, {3, 4}}}, {"pointarr", &[2]Point{{1, 2}, {3, 4}}}, {"pslice", &[]int{1, 2}}, {"pmap", &map[string]int{"a": 1}},
		{"stringy", Stringy{5}}, {"pstringy", &Stringy{6}}, {"ptrstringy", PtrStringy{7}}, {"pptrstringy", &PtrStringy{8}}, {"stringys", []Stringy{{1}, {2}}}, {"stringymap", map[string]Stringy{"a": {1}}},
		{"err", errors.New("oops")}, {"myerr", &MyErr{7}}, {"wrapped", fmt.Errorf("ctx: %w", errors.New("inner"))}, {"joined", errors.Join(errors.New("a"), errors.New("b"))},
		{"panicky", Panicky{}}, {"nilderef", NilDeref{}}, {"gos", GoS{1}}, {"goss", []GoS{{1}}}, {"fmter", Fmter{}}, {"fmters", []Fmter{{}}},
		{"namedints", Ints{1, 2}}, {"namedmap", IntMap{"a": 1}}, {"wrapper", Wrapper{Stringy{1}, 1500 * time.Millisecond, time.Second}}, {"wrappernil", Wrapper{}},
		{"duration", 90 * time.Second}, {"durations", []time.Duration{1, 1000}}, {"month", time.March}, {"weekday", time.Friday},
		{"anon", struct {
			A int
			B string
		}{1, "x"}},
	}
	formats := []string{
		"%v", "%+v", "%#v", "%T", "%d", "%s", "%q", "%x", "%X", "%t", "%c", "%U", "%#U", "%b", "%o", "%O", "%#o", "%#x", "%#X", "%#b", "%e", "%E", "%f", "%F", "%g", "%G",
		"%5d", "%-5d|", "%05d", "%+d", "% d", "%x|", "% x", "%# x", "%5.2d", "%.0d", "%+.3d", "%08.3d", "%+05d", "%x", "%#08x", "%-08d|", "%20d", "%020d",
		"%8.3f", "%-8.2f|", "%08.2f", "%+.2f", "% .3f", "%.0f", "%+g", "%.3g", "%10.3g", "%#g", "%#.3g", "%#.0f", "%.10g", "%012.4e", "%6.1f%%", "%#v|", "%+e", "%.20f", "%.3e", "%x", "%.2x", "%#x", "%.3v", "%6v", "%-6v|", "%06v", "%+6v",
		"%10s|", "%-10s|", "%.2s", "%10.2s|", "%05s", "%+q", "%#q", "% q", "%.3q", "%10q|", "%.1x", "%10x", "%-10x|", "%.0s", "%#s", "%+s",
		"%5t", "%-7t|", "%05t", "%5c|", "%-5c|", "%05c", "%10U|", "%.6U", "%#10U|", "%z", "%!", "%5%|", "%w", "%-", "%", "%5", "%.", "%y %d",
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.Encode(formats)
	for _, v := range values {
		results := []string{v.name}
		for _, f := range formats {
			results = append(results, latin1(fmt.Sprintf(f, v.value)))
		}
		out.Encode(results)
	}
}

// latin1 makes a rune of each byte, since JSON has no bytes.
func latin1(s string) string {
	var runes []rune
	for i := 0; i < len(s); i++ {
		runes = append(runes, rune(s[i]))
	}
	return string(runes)
}
