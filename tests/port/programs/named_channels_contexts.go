package main

import (
	"context"
	"fmt"
	"time"
)

type C chan int
type S []int
type M map[string]int
type Fn func(int) int
type SC chan struct{}
type key string

func main() {
	c := make(C)
	var x any = c
	_, ok := x.(chan int)
	_, ok2 := x.(C)
	fmt.Println(ok, ok2)
	fmt.Printf("%T\n", c)
	fmt.Printf("%T\n", x)
	var sc SC
	fmt.Printf("%T %v\n", sc, sc == nil)
	fmt.Printf("%T %T %T\n", S{1}, M{"a": 1}, Fn(func(i int) int { return i }))
	var in <-chan int = c
	fmt.Printf("%T\n", in)
	switch x.(type) {
	case chan int:
		fmt.Println("plain")
	case C:
		fmt.Println("C")
	}
	ctx := context.Background()
	fmt.Println(ctx)
	fmt.Println(context.TODO())
	fmt.Printf("%v %s %T\n", ctx, ctx, ctx)
	c2, cancel := context.WithCancel(ctx)
	fmt.Println(c2)
	defer cancel()
	c3 := context.WithValue(c2, key("k"), "v")
	fmt.Println(c3)
	c4 := context.WithValue(ctx, key("k"), 1)
	fmt.Println(c4)
	c5 := context.WithoutCancel(c4)
	fmt.Println(c5)
	c6, cancel6 := context.WithTimeout(ctx, time.Second)
	defer cancel6()
	fmt.Printf("%T %T\n", c6, c4)
	go func() { c <- 1 }()
	fmt.Println(<-c)
	var nc chan int
	fmt.Println(nc)
	fmt.Printf("%v\n", nc)
	type pair struct {
		c C
		n chan int
	}
	fmt.Println(pair{nil, nil})
	fmt.Printf("%+v %#v\n", pair{}, pair{})
}
