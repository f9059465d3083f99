package main

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

type Address struct {
	Street string `validate:"required"`
	Zip    int32  `validate:"min=1000,max=99999"`
}

type Level uint8

type User struct {
	Name    string  `json:"name" validate:"required,len=3"`
	Age     int     `json:"age,omitempty" validate:"min=18"`
	Score   float64 `db:"score"`
	Tags    []string
	Addr    Address
	Boss    *User
	Any     interface{}
	Level   Level
	M       map[string]int
	private bool
}

func (u User) Hello() string { return "hi" }

func validate(v any) (errs []error) {
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Ptr {
		rv = rv.Elem()
	}
	if rv.Kind() != reflect.Struct {
		return []error{fmt.Errorf("%v is a %s, want struct", v, rv.Kind())}
	}
	rt := rv.Type()
	for i := 0; i < rt.NumField(); i++ {
		f, fv := rt.Field(i), rv.Field(i)
		if f.Type.Kind() == reflect.Struct {
			errs = append(errs, validate(fv.Interface())...)
			continue
		}
		tag, ok := f.Tag.Lookup("validate")
		if !ok {
			continue
		}
		for _, rule := range strings.Split(tag, ",") {
			name, arg, _ := strings.Cut(rule, "=")
			n, _ := strconv.Atoi(arg)
			switch name {
			case "required":
				if fv.IsZero() {
					errs = append(errs, fmt.Errorf("%s.%s is required", rt.Name(), f.Name))
				}
			case "min":
				if fv.Int() < int64(n) {
					errs = append(errs, fmt.Errorf("%s: %d < %d", f.Name, fv.Int(), n))
				}
			case "max":
				if fv.Int() > int64(n) {
					errs = append(errs, fmt.Errorf("%s: %d > %d", f.Name, fv.Int(), n))
				}
			case "len":
				if fv.Len() != n {
					errs = append(errs, errors.New(f.Name+" has the wrong length"))
				}
			}
		}
	}
	return errs
}

func toMap(v any) map[string]any {
	out := map[string]any{}
	rv := reflect.Indirect(reflect.ValueOf(v))
	for i := range rv.NumField() {
		f := rv.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		key := f.Name
		if t := f.Tag.Get("json"); t != "" {
			key, _, _ = strings.Cut(t, ",")
		}
		out[key] = rv.Field(i).Interface()
	}
	return out
}

func set(ptr any, name, val string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("set %s: %v", name, r)
		}
	}()
	f := reflect.ValueOf(ptr).Elem().FieldByName(name)
	if !f.IsValid() {
		return fmt.Errorf("no field %q", name)
	}
	if !f.CanSet() {
		return fmt.Errorf("cannot set %s", name)
	}
	switch f.Kind() {
	case reflect.String:
		f.SetString(val)
	case reflect.Int, reflect.Int32:
		n, err := strconv.ParseInt(val, 10, 64)
		if err != nil {
			return err
		}
		f.SetInt(n)
	case reflect.Uint8:
		n, _ := strconv.Atoi(val)
		f.SetUint(uint64(n))
	case reflect.Float64:
		x, _ := strconv.ParseFloat(val, 64)
		f.SetFloat(x)
	default:
		return fmt.Errorf("unsupported kind %v", f.Kind())
	}
	return nil
}

func describe(v any) string {
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Invalid:
		return "invalid"
	case reflect.Slice, reflect.Array:
		var parts []string
		for i := 0; i < rv.Len(); i++ {
			parts = append(parts, describe(rv.Index(i).Interface()))
		}
		return rv.Type().String() + "[" + strings.Join(parts, " ") + "]"
	case reflect.Map:
		return fmt.Sprintf("map %v->%v of %d", rv.Type().Key(), rv.Type().Elem(), rv.Len())
	case reflect.Pointer:
		return "&" + describe(rv.Elem().Interface())
	case reflect.Int, reflect.Int8, reflect.Int64:
		return "int " + strconv.FormatInt(rv.Int(), 10)
	case reflect.Func, reflect.Chan:
		return rv.Kind().String()
	}
	return fmt.Sprintf("%v(%v)", rv.Kind(), rv)
}

func main() {
	u := &User{Name: "Al", Age: 12, Addr: Address{Zip: 5}, Tags: []string{"x"}, M: map[string]int{"a": 1}}
	for _, e := range validate(u) {
		fmt.Println(e)
	}
	fmt.Println(validate(3), validate(User{Name: "Bob", Age: 20, Addr: Address{"s", 2000}}))
	fmt.Println(toMap(*u))
	for _, p := range [][2]string{{"Name", "Zoe"}, {"Age", "33"}, {"Age", "x"}, {"Score", "2.5"}, {"Level", "300"}, {"nope", ""}, {"private", "1"}, {"Tags", "a"}} {
		fmt.Println(p[0], set(u, p[0], p[1]))
	}
	fmt.Println(u.Name, u.Age, u.Score, u.Level, set(*u, "Name", "x"))
	t := reflect.TypeOf(*u)
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		fmt.Printf("%-8s %-15v %-9s %q %t\n", f.Name, f.Type, f.Type.Kind(), f.Tag, f.Anonymous)
	}
	sf, ok := t.FieldByName("Age")
	fmt.Println(sf.Name, sf.Tag.Get("json"), ok, t.Name(), t, t.Kind(), reflect.TypeOf(u).Elem() == t)
	n := 5
	fmt.Println(describe(nil))
	for _, v := range []any{1, "s", 2.5, []int{1, 2}, [2]string{"a"}, map[string]bool{}, &n, u.Addr, true, int8(3), Level(4), func() {}, make(chan int), []any{1, "z"}} {
		fmt.Println(describe(v))
	}
	pv := reflect.ValueOf(&n).Elem()
	pv.SetInt(42)
	fmt.Println(n, pv.CanSet(), reflect.ValueOf(n).CanSet(), reflect.Zero(pv.Type()).Int())
	x := reflect.ValueOf([]int{1, 2, 3})
	x.Index(1).SetInt(20)
	fmt.Println(x, x.Kind() == reflect.Slice, reflect.Bool, reflect.Kind(2))
	func() {
		defer func() { fmt.Println(recover()) }()
		reflect.ValueOf("s").Int()
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		reflect.ValueOf(3).NumField()
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		reflect.ValueOf(*u).Field(0).SetString("q")
	}()
	ks := reflect.ValueOf(map[string]int{"k": 7}).MapKeys()
	fmt.Println(len(ks), ks[0], reflect.ValueOf(map[string]int{"k": 7}).MapIndex(ks[0]))
	changes()
	addresses()
}

type order[T any] func(a, b T) int

func same[T any](a, b order[T]) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

func byLength(a, b string) int { return len(a) - len(b) }

func constantly(n int) func() int { return func() int { return n } }

func addresses() {
	fmt.Println(same(cmp.Compare[int], cmp.Compare[int]), same(byLength, strings.Compare), same(byLength, byLength))
	two, three := constantly(2), constantly(3)
	at := func(v any) uintptr { return reflect.ValueOf(v).Pointer() }
	fmt.Println(at(two) == at(three), at(two) == at(byLength), two() == three())
	m, s, c := map[string]int{}, []int{1}, make(chan int)
	p, alias := &m, m
	fmt.Println(at(m) == at(alias), at(p) == at(&alias), at(s) == at(s[:0]), at(c) == at(c), at((*int)(nil)))
	defer func() { fmt.Println(recover()) }()
	at(1)
}

type S struct {
	N int32
	L []int8
}

func fill(p any) {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		switch f.Kind() {
		case reflect.Int32:
			f.SetInt(2147483647)
		case reflect.Slice:
			f.Index(0).SetInt(127)
		}
	}
}

func changes() {
	s := S{N: 1, L: []int8{1}}
	fill(&s)
	s.N++
	s.L[0]++
	fmt.Println(s.N+s.N, s.N, s.L)
	var u uint8 = 1
	reflect.ValueOf(&u).Elem().SetUint(255)
	u++
	fmt.Println(u, reflect.TypeOf(u) == reflect.TypeOf(byte(1)))
	type pair struct {
		A, B any
		e    error
	}
	p := pair{1, "x", nil}
	v := reflect.ValueOf(&p).Elem()
	v.Field(0).Set(reflect.ValueOf("new"))
	for i := 0; i < v.NumField(); i++ {
		f := v.Field(i)
		fmt.Println(v.Type().Field(i).Name, f.Kind(), f.CanSet(), f.CanInterface(), f)
		if f.Kind() == reflect.Interface && !f.IsNil() {
			fmt.Println(f.Elem().Kind(), f.Elem())
		}
	}
	fmt.Printf("%v %+v\n", p, p)
}
