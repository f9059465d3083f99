package main

import (
	"fmt"
	"reflect"
)

func main() {
	var add func(int, int) int
	f := reflect.MakeFunc(reflect.TypeOf(add), func(args []reflect.Value) []reflect.Value { // want reflect.MakeFunc
		return []reflect.Value{reflect.ValueOf(int(args[0].Int() + args[1].Int()))}
	})
	reflect.ValueOf(&add).Elem().Set(f)
	fmt.Println(add(1, 2))
}
