package main

import (
	"fmt"
	"math/big"
)

func main() {
	a, b := new(big.Int), big.NewInt(7)
	n, err := fmt.Sscan("18446744073709551617 -5 x", a, b)
	fmt.Println(n, err, a, b)
	var hex big.Int
	n, err = fmt.Sscanf("ff:12", "%x:%d", &hex, a)
	fmt.Println(n, err, &hex, a)
	var i int
	n, err = fmt.Sscan("3 0x1F", &i, a)
	fmt.Println(n, err, i, a)
	n, err = fmt.Sscan("", a)
	fmt.Println(n, err)
}
