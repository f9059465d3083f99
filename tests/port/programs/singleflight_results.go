package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"golang.org/x/sync/singleflight"
)

type codeError struct{ code int }

func (e *codeError) Error() string { return fmt.Sprint("code ", e.code) }

type stamped struct {
	singleflight.Result
	at int
}

func main() {
	var group singleflight.Group
	var code *codeError

	// A value comes with its error, to each caller.
	v, err, shared := group.Do("a", func() (any, error) { return "partial", &codeError{3} })
	fmt.Println(v, err, shared, errors.As(err, &code))
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			v, err, shared := group.Do("b", func() (any, error) { runtime.Gosched(); return 7, io.EOF })
			fmt.Println(v, err, err == io.EOF, shared)
		})
	}
	wg.Wait()
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		group.Do("c", func() (any, error) { panic("oops") })
	}()

	r := <-group.DoChan("d", func() (any, error) { return []int{1}, &codeError{4} })
	fmt.Printf("%v %+v %T %t %d\n", r, r, r, errors.As(r.Err, &code), code.code)
	q := r
	q.Val, q.Err, q.Shared = "other", nil, true
	fmt.Println(r, q, q == singleflight.Result{Val: "other", Shared: true}, stamped{q, 5})
	results := map[string]singleflight.Result{"q": q}
	fmt.Println(results, results["none"].Val == nil, []singleflight.Result{{}, q})

	defer fmt.Println("not printed: the panic is not main's")
	<-group.DoChan("e", func() (any, error) {
		defer fmt.Println("printed")
		panic("oops")
	})
}
