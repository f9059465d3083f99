package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"reflect"
	"syscall"
	"time"
)

func handle(sig os.Signal) string {
	switch sig {
	case syscall.SIGINT, syscall.SIGTERM:
		return "stop " + sig.String()
	case os.Interrupt:
		return "never"
	default:
		return "other " + sig.String()
	}
}

func main() {
	var s os.Signal = syscall.SIGUSR1
	fmt.Println(s, syscall.SIGTERM, os.Interrupt, os.Kill)
	fmt.Printf("%v %s %d\n", s, s, syscall.SIGHUP)
	fmt.Println(handle(syscall.SIGTERM), handle(s), handle(os.Interrupt))
	sig := syscall.Signal(15)
	fmt.Println(sig == syscall.SIGTERM, int(sig), sig)
	if x, ok := s.(syscall.Signal); ok {
		fmt.Println("number", int(x))
	}
	fmt.Println(syscall.Getpid() == os.Getpid(), os.Getpagesize() > 0)
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, syscall.SIGUSR2)
	syscall.Kill(syscall.Getpid(), syscall.SIGUSR2)
	fmt.Println("got", <-ch)
	addrs, err := net.DefaultResolver.LookupHost(context.Background(), "127.0.0.1")
	fmt.Println(addrs, err)
	a := make(chan string, 1)
	b := make(chan int8)
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectSend, Chan: reflect.ValueOf(a), Send: reflect.ValueOf("x")},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(b)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(time.After(time.Hour))},
	}
	i, v, ok := reflect.Select(cases)
	fmt.Println(i, v.IsValid(), ok, <-a)
	close(b)
	cases = append(cases[1:], reflect.SelectCase{Dir: reflect.SelectDefault})
	i, v, ok = reflect.Select(cases)
	fmt.Println(i, v, ok, v.Int(), v.Kind(), v.Type())
	cases = cases[1:]
	i, v, ok = reflect.Select(cases)
	fmt.Println(i, v.IsValid(), ok)
}
