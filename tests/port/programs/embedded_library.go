// Structs with types of the library in them, whose methods they have.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

type wrapped struct {
	error
	op string
}
type quiet struct{ *wrapped }
type stamped struct {
	time.Time
	n int
}
type locker struct {
	sync.Locker
	n int
}
type rev struct{ sort.Interface }

func (r rev) Less(i, j int) bool { return r.Interface.Less(j, i) }

type named struct{ fmt.Stringer }
type rc struct {
	io.Reader
	io.Closer
}
type cl struct{}

func (cl) Close() error { return errors.New("closed") }

func use(e error) { fmt.Println(e.Error(), e) }

func main() {
	p := permanent{errors.New("x")}
	fmt.Println(p, p.Error(), errors.Unwrap(p))
	use(p)
	w := &wrapped{io.EOF, "read"}
	use(w)
	use(quiet{w})
	fmt.Println(quiet{w}, errors.Is(w, io.EOF), errors.Is(p, io.EOF))
	fmt.Printf("%v %s %+v\n", w, *w, p)
	s := stamped{time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), 1}
	fmt.Println(s, s.Year(), s.Format("06"))
	l := locker{&sync.Mutex{}, 1}
	l.Lock()
	l.n++
	l.Unlock()
	xs := []int{1, 3, 2}
	sort.Sort(rev{sort.IntSlice(xs)})
	fmt.Println(xs, named{time.Second}, named{s})
	r := rc{strings.NewReader("abc"), cl{}}
	b, _ := io.ReadAll(r)
	fmt.Println(string(b), r.Close())
	var rcl io.ReadCloser = r
	fmt.Println(rcl.Close())
	fmt.Println(s)
	errorsOfOthers()
	methodValues()
}

func show(e error) {
	fmt.Println(e, e.Error(), permanent{e}, permanent{e}.Error(), error(permanent{permanent{e}}).Error())
}

func errorsOfOthers() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	show(ctx.Err())
	_, err := os.Open("/nope")
	show(err)
	show(os.ErrNotExist)
	_, err = strconv.Atoi("zz")
	show(err)
	show(errors.Join(err, context.DeadlineExceeded))
	func() {
		defer func() { show(recover().(error)) }()
		var xs []int
		_ = xs[len(xs)]
	}()
}

func methodValues() {
	f := context.Canceled.Error
	fmt.Println(f())
	e := errors.New("q")
	for _, g := range []func() string{e.Error, permanent{e}.Error, context.DeadlineExceeded.Error} {
		fmt.Println(g())
	}
	defer func() { fmt.Println(recover()) }()
	var nothing error
	h := nothing.Error
	fmt.Println(h())
}
