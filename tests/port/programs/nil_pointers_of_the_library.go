// Nil pointers to types of the library in interfaces, which are not nil themselves.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
)

func f(out io.Writer) {
	if out != nil {
		out.Write([]byte("done!\n"))
	}
}

type Store struct {
	w  io.Writer
	re *regexp.Regexp
	mu *sync.Mutex
}

func open(bad bool) error {
	var pe *fs.PathError
	if bad {
		pe = &fs.PathError{Op: "open", Path: "/x", Err: os.ErrNotExist}
	}
	return pe
}
func kind(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case *bytes.Buffer:
		if v == nil {
			return "nil buffer"
		}
		return "buffer " + v.String()
	case *strings.Builder:
		return fmt.Sprint("builder ", v != nil)
	case *sync.Mutex:
		return fmt.Sprint("mutex ", v == nil)
	case io.Reader:
		return fmt.Sprintf("reader %T", v)
	case []*big.Int:
		return fmt.Sprint("ints ", len(v))
	case map[string]*url.URL:
		return fmt.Sprint("urls ", len(v))
	case error:
		return "error " + v.Error()
	}
	return fmt.Sprintf("%T", x)
}
func main() {
	var buf *bytes.Buffer
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		f(buf)
	}()
	buf = new(bytes.Buffer)
	f(buf)
	fmt.Print(buf)
	f(nil)
	var nb *bytes.Buffer
	var sb *strings.Builder
	var mu *sync.Mutex
	var u *url.URL
	fmt.Println(kind(nb), kind(buf), kind(sb), kind(mu), kind(nil), kind(strings.NewReader("x")), kind(u))
	s := Store{w: nb}
	fmt.Println(s.w == nil, s.re == nil, s.mu == nil, s.w == io.Writer(nb))
	err := open(false)
	fmt.Println(err == nil, err != nil)
	err = open(true)
	var pe *fs.PathError
	fmt.Println(err, errors.As(err, &pe), pe.Op, errors.Is(err, fs.ErrNotExist))
	ints := []*big.Int{big.NewInt(3), nil, big.NewInt(-7)}
	m := map[string]*big.Int{"a": big.NewInt(10)}
	fmt.Println(ints[:1], m, len(ints))
	fmt.Printf("%v %d %s %T %T\n", ints[2:], ints[2:], m, ints, m)
	fmt.Println(kind(ints), kind(map[string]*url.URL{}), kind([]*sync.Mutex{}), kind(make(chan *bytes.Buffer)), kind([2]*bytes.Buffer{}))
	var r io.Reader = nb
	_, ok := r.(*bytes.Buffer)
	_, ok2 := r.(*strings.Reader)
	w, ok3 := r.(io.Writer)
	fmt.Println(ok, ok2, ok3, w == nil)
	fmt.Printf("%T %v\n", r, r)
	defer func() { fmt.Println(recover()) }()
	_ = r.(*strings.Reader)
}
