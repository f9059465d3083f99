package main

import (
	"fmt"
	"reflect"
)

type base struct{ name string }

func (b base) Name() string     { return b.name }
func (b *base) Rename(s string) { b.name = s }
func (b base) hidden()          {}

type User struct {
	base
	Age int
}

func (u User) Greet(greeting string, times ...int) string {
	return fmt.Sprint(greeting, " ", u.name, times)
}
func (u *User) Birthday()         { u.Age++ }
func (u User) Older(by int8) User { u.Age += int(by); return u }

type Level int

func (l Level) String() string { return fmt.Sprint("level ", int(l)) }
func (l *Level) Raise()        { *l++ }

type plain struct{ X int }

type shape interface {
	Area() float64
	Perimeter() float64
	hidden()
}

func show(v any) {
	t := reflect.TypeOf(v)
	fmt.Println(t, t.Kind(), t.NumMethod(), reflect.ValueOf(v).NumMethod())
	for i := 0; i < t.NumMethod(); i++ {
		m := t.Method(i)
		fmt.Println(" ", m.Index, m.Name, m.Type, m.PkgPath == "" && m.IsExported(), reflect.ValueOf(v).Method(i).Type())
	}
}

func main() {
	u := User{base{"ann"}, 41}
	l := Level(2)
	for _, v := range []any{u, &u, l, &l, plain{}, &plain{}, 5, "s", []int{}, base{}, &base{}} {
		show(v)
	}
	v := reflect.ValueOf(&u)
	fmt.Println(v.Method(1).Call([]reflect.Value{reflect.ValueOf("hi"), reflect.ValueOf(1), reflect.ValueOf(2)})[0])
	m, ok := reflect.TypeOf(&u).MethodByName("Birthday")
	m.Func.Call([]reflect.Value{v})
	v.Method(0).Call(nil)
	fmt.Println(m.Name, ok, u.Age)
	_, ok = reflect.TypeOf(u).MethodByName("Birthday")
	fmt.Println(ok)
	older, _ := reflect.TypeOf(u).MethodByName("Older")
	out := older.Func.Call([]reflect.Value{reflect.ValueOf(u), reflect.ValueOf(int8(7))})
	fmt.Println(out[0].Field(1), out[0].Interface().(User).Age, u.Age)
	s := reflect.TypeOf((*shape)(nil)).Elem()
	fmt.Println(s.NumMethod(), s.Name())
	defer func() { fmt.Println(recover()) }()
	reflect.TypeOf(u).Method(9)
}
