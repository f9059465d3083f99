package main

import "fmt"

const unit = -1i

var variable = complex(0, -2)

func same(z complex128) complex128 { return z }

func main() {
	var small complex64 = -4i
	fmt.Println(unit, variable, -2.5i, same(-1i), 0-1i, 2*unit, any(-3i), small)
	fmt.Printf("%v %.2f %v\n", []complex128{-1i, 1 - 2i, -1 + 0i}, -1i, -1+0i)
	fmt.Println(1/real(same(-1i)), 1/real(variable), variable == -2i, variable*-1i, variable-1i, 1-variable)
}
