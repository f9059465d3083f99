package main

import (
	"errors"
	"fmt"
	"io"
)

// Types with methods that an interface has, too, but with other parameters or results.

type shape interface{ area(int) int }
type sized interface{ Size() int }
type named interface {
	sized
	Name() string
}
type plain struct{}
type long struct{}
type many struct{ errs []error }
type both int
type inside struct{ plain }
type through struct{ *long }

func (plain) area(s string) int { return len(s) }
func (plain) Size() int64       { return 3 }
func (plain) Name() string      { return "plain" }
func (long) area(n int) int     { return n }
func (long) Size() int          { return 4 }
func (long) Name() string       { return "long" }
func (m many) Error() string    { return fmt.Sprint(m.errs) }
func (m many) Unwrap() []error  { return m.errs }
func (b *both) Size() uint8     { return 5 }
func (b both) Write(s []byte) error { return nil }

type wrapping struct{ err error }

func (w wrapping) Error() string { return "wrapping " + w.err.Error() }
func (w wrapping) Unwrap() error { return w.err }

func kind(x any) string {
	switch x.(type) {
	case shape:
		return "shape"
	case named:
		return "named"
	case sized:
		return "sized"
	case io.Writer:
		return "writer"
	case interface{ Size() int64 }:
		return "sized by int64"
	}
	return "nothing"
}

func main() {
	b := both(1)
	for _, x := range []any{plain{}, long{}, &plain{}, &long{}, b, &b, many{}, 3, inside{}, through{}, &through{}} {
		_, isShape := x.(shape)
		_, isSized := x.(sized)
		fmt.Printf("%T %s %v %v\n", x, kind(x), isShape, isSized)
	}
	base := errors.New("base")
	for _, err := range []error{many{[]error{base}}, wrapping{base}, base} {
		_, one := err.(interface{ Unwrap() error })
		_, several := err.(interface{ Unwrap() []error })
		fmt.Println(one, several, errors.Is(err, base))
	}
	defer func() { fmt.Println(recover()) }()
	var x any = plain{}
	fmt.Println(x.(shape).area(3))
}
