package main

import (
	"fmt"
	"math"
	"reflect"
)

type pair struct {
	f func()
	x float64
}

func main() {
	f := []func(){func() {}, nil}
	g := []func(){f[0], nil}
	fmt.Println(reflect.DeepEqual(f, f), reflect.DeepEqual(f, g), reflect.DeepEqual(f[1:], g[1:]))
	x := []float64{0, math.NaN(), 0}
	fmt.Println(reflect.DeepEqual(x, x), reflect.DeepEqual(x, x[:2]), reflect.DeepEqual(x[1:], x[:2]))
	fmt.Println(reflect.DeepEqual(x[1:], x[1:3]), reflect.DeepEqual(x, append([]float64{}, x...)))
	m, n := map[string]any{"a": math.NaN()}, map[string]any{"a": math.NaN()}
	fmt.Println(reflect.DeepEqual(m, m), reflect.DeepEqual(m, n))
	nested := map[string][]float64{"x": x}
	fmt.Println(reflect.DeepEqual(nested, map[string][]float64{"x": x}), reflect.DeepEqual(&x, &x))
	p := pair{func() {}, math.NaN()}
	fmt.Println(reflect.DeepEqual(p, p), reflect.DeepEqual(&p, &p), reflect.DeepEqual([2]float64{x[1]}, [2]float64{x[1]}))
	fmt.Println(reflect.DeepEqual([]float64(nil), []float64{}), reflect.DeepEqual(map[int]int(nil), map[int]int{}))
}
