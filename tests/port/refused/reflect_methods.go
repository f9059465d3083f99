package main

import (
	"fmt"
	"reflect"
)

type user struct{ Name string }

func (u user) Hello() string { return "hello " + u.Name }

func main() {
	v := reflect.ValueOf(user{"ann"})
	for i := 0; i < v.NumMethod(); i++ { // want reflect.Value.NumMethod
		fmt.Println(v.Type().Method(i).Name)
	}
}
