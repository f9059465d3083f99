package main

import (
	"fmt"
	"reflect"
)

type user struct {
	Name string `db:"name"`
	Age  int    `db:"age"`
}

func main() {
	t := reflect.TypeOf(user{})
	for i := 0; i < t.NumField(); i++ { // want reflect.Type.NumField
		fmt.Println(t.Field(i).Name, t.Field(i).Tag.Get("db"))
	}
}
