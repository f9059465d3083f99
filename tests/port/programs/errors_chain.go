package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
)

var ErrOutOfTea = errors.New("no more tea available")
var ErrPower = fmt.Errorf("can't boil water")

type argError struct {
	arg     int
	message string
}

func (e *argError) Error() string { return fmt.Sprintf("%d - %s", e.arg, e.message) }

type statusError int

func (s statusError) Error() string        { return "status " + strconv.Itoa(int(s)) }
func (s statusError) Is(target error) bool { return target == io.EOF && s == 416 }

func f(arg int) (int, error) {
	if arg == 42 {
		return -1, errors.New("can't work with 42")
	}
	if arg == 43 {
		return -1, &argError{arg, "can't work with it"}
	}
	return arg + 3, nil
}

func makeTea(arg int) error {
	if arg == 2 {
		return ErrOutOfTea
	} else if arg == 4 {
		return fmt.Errorf("making tea: %w", ErrPower)
	}
	return nil
}

type multi struct{ errs []error }

func (m multi) Error() string   { return fmt.Sprint("multi: ", m.errs) }
func (m multi) Unwrap() []error { return m.errs }

type target struct{ msg string }

func (t *target) Error() string { return t.msg }

type code struct{ n int }

func (c code) Error() string { return fmt.Sprint("code ", c.n) }

// Becomes one of several others.
type chameleon struct{ text string }

func (c chameleon) Error() string { return c.text }

func (c chameleon) As(other any) bool {
	switch t := other.(type) {
	case **target:
		*t = &target{"as " + c.text}
	case *code:
		*t = code{len(c.text)}
	case **fs.PathError:
		*t = &fs.PathError{Op: "open", Path: c.text, Err: fs.ErrNotExist}
	default:
		return false
	}
	return true
}

func becomes(err error) {
	var t *target
	var c code
	var p *fs.PathError
	var n interface{ Timeout() bool }
	fmt.Println(errors.As(err, &t), t, errors.As(err, &c), c, errors.As(err, &p), p)
	d, ok := errors.AsType[code](err)
	fmt.Println(d, ok, errors.As(err, &n), n)
}

func main() {
	for _, i := range []int{7, 42, 43} {
		if r, e := f(i); e != nil {
			fmt.Println("f failed:", e)
		} else {
			fmt.Println("f worked:", r)
		}
	}
	for i := range 5 {
		if err := makeTea(i); err != nil {
			if errors.Is(err, ErrOutOfTea) {
				fmt.Println("We should buy new tea!")
			} else if errors.Is(err, ErrPower) {
				fmt.Println("Now it is dark:", err)
			}
			continue
		}
		fmt.Println("Tea is ready!")
	}
	_, err := f(43)
	wrapped := fmt.Errorf("layer 2: %w", fmt.Errorf("layer 1: %w", err))
	var ae *argError
	if errors.As(wrapped, &ae) {
		fmt.Println(ae.arg, ae.message, ae == err)
	}
	var se statusError
	fmt.Println(errors.As(wrapped, &se), wrapped)
	fmt.Println(errors.Unwrap(wrapped), errors.Unwrap(errors.Unwrap(errors.Unwrap(wrapped))) == nil)
	flat := fmt.Errorf("not wrapped: %v", err)
	fmt.Println(errors.As(flat, &ae), errors.Unwrap(flat) == nil)

	joined := errors.Join(ErrOutOfTea, nil, statusError(404))
	fmt.Println(joined, "|", errors.Is(joined, ErrOutOfTea), errors.As(joined, &se), se == 404)
	fmt.Println(errors.Join(nil, nil) == nil)
	two := fmt.Errorf("%w and %w", ErrPower, io.EOF)
	fmt.Println(two, errors.Is(two, ErrPower), errors.Is(two, io.EOF), errors.Is(two, ErrOutOfTea))
	fmt.Println(errors.Is(statusError(416), io.EOF), errors.Is(statusError(404), io.EOF))
	m := multi{[]error{io.ErrUnexpectedEOF, wrapped}}
	fmt.Println(errors.Is(m, io.ErrUnexpectedEOF), errors.As(m, &ae), m)

	_, err = strconv.Atoi("12a")
	fmt.Println(err, errors.Is(err, strconv.ErrSyntax))
	var ne *strconv.NumError
	if errors.As(err, &ne) {
		fmt.Println(ne.Func, ne.Num, ne.Err)
	}
	_, err = os.Open("/no/such/file")
	fmt.Println(err, errors.Is(err, fs.ErrNotExist), os.IsNotExist(err))
	var pe *fs.PathError
	if errors.As(err, &pe) {
		fmt.Println(pe.Op, pe.Path, pe.Err)
	}
	a, b := errors.New("same"), errors.New("same")
	fmt.Println(a == b, a == a, a.Error() == b.Error(), statusError(1) == error(statusError(1)))
	fmt.Printf("%v %s %q %T %+v\n", ErrOutOfTea, ErrOutOfTea, a, ae, se)
	becomes(fmt.Errorf("wrapped: %w", chameleon{"text"}))
	becomes(errors.Join(code{3}, chameleon{"text"}))
}
