package main

import (
	"fmt"
	"math"
)

type F float64
type K struct{ f float64 }

func main() {
	m := map[float64]int{}
	nan := math.NaN()
	m[nan] = 1
	m[nan] = 2
	m[math.NaN()]++
	fmt.Println(len(m), m[nan])
	_, ok := m[nan]
	fmt.Println(ok)
	delete(m, nan)
	fmt.Println(len(m))
	s := 0
	for k, v := range m {
		fmt.Println(k)
		s += v
	}
	fmt.Println(s)
	clear(m)
	fmt.Println(len(m))
	a := map[any]int{nan: 1}
	a[nan]++
	fmt.Println(len(a), a)
	k := map[K]int{}
	k[K{nan}] = 1
	k[K{nan}] = 2
	fmt.Println(len(k))
	arr := map[[2]float64]int{}
	arr[[2]float64{nan, 1}] = 1
	arr[[2]float64{nan, 1}] = 1
	fmt.Println(len(arr))
	x := K{nan}
	fmt.Println(x == x, K{0} == K{math.Copysign(0, -1)})
	var i any = nan
	fmt.Println(i == i)
	ar := [1]float64{nan}
	fmt.Println(ar == ar)
	z := map[float64]string{0: "zero"}
	fmt.Println(z[math.Copysign(0, -1)])
	f := map[F]int{F(nan): 1}
	f[F(nan)] = 5
	fmt.Println(len(f))
	fmt.Println(m)
	mm := map[float64]int{2: 1, math.Inf(1): 2, 1: 3, math.Inf(-1): 0}
	fmt.Println(mm)
	c := map[complex128]int{}
	c[complex(nan, 0)] = 1
	c[complex(nan, 0)] = 1
	fmt.Println(len(c))
}
