package main

import (
	"fmt"
	"math/big"
	"math/rand"
)

func fact(n int64) *big.Int {
	r := big.NewInt(1)
	for i := int64(2); i <= n; i++ {
		r.Mul(r, big.NewInt(i))
	}
	return r
}

func fib(n int) *big.Int {
	a, b := big.NewInt(0), big.NewInt(1)
	for i := 0; i < n; i++ {
		a.Add(a, b)
		a, b = b, a
	}
	return a
}

func main() {
	fmt.Println(fact(50), fib(300))
	random := rand.New(rand.NewSource(7))
	for _, n := range []*big.Int{fact(30), fib(200), big.NewInt(10), big.NewInt(1), big.NewInt(0), big.NewInt(-5)} {
		n.Rand(random, n)
		fmt.Println(n)
	}
	var z big.Int
	z.Exp(big.NewInt(2), big.NewInt(100), nil)
	fmt.Println(&z, z.String(), z.BitLen(), z.Sign())
	fmt.Printf("%d|%s|%v|%x|%40d|%-40d|%+d|%#x|%050d\n", &z, &z, &z, &z, &z, &z, &z, &z, &z)
	x, ok := new(big.Int).SetString("-123456789012345678901234567890", 10)
	fmt.Println(x, ok)
	_, ok = new(big.Int).SetString("12x", 10)
	fmt.Println(ok)
	y := big.NewInt(97)
	q, r := new(big.Int).QuoRem(x, y, new(big.Int))
	d, m := new(big.Int).DivMod(x, y, new(big.Int))
	fmt.Println(q, r, d, m, x.Cmp(y), y.Cmp(x), x.CmpAbs(y))
	fmt.Println(new(big.Int).GCD(nil, nil, big.NewInt(48), big.NewInt(36)), new(big.Int).ModInverse(big.NewInt(3), big.NewInt(11)), new(big.Int).Exp(big.NewInt(3), big.NewInt(200), big.NewInt(1000007)))
	fmt.Println(new(big.Int).Sqrt(big.NewInt(1000000)), big.NewInt(97).ProbablyPrime(10), big.NewInt(91).ProbablyPrime(10), new(big.Int).Lsh(big.NewInt(1), 70), new(big.Int).Rsh(x, 3), x.Text(16), z.IsInt64(), y.Int64(), new(big.Int).Binomial(40, 20), new(big.Int).MulRange(5, 10))
	xg, yg := new(big.Int), new(big.Int)
	g := new(big.Int).GCD(xg, yg, big.NewInt(240), big.NewInt(46))
	fmt.Println(g, xg, yg, new(big.Int).Not(y), new(big.Int).And(x, y), new(big.Int).Neg(x), new(big.Int).Abs(x), y.Bytes())
	defer func() { fmt.Println(recover()) }()
	new(big.Int).Div(x, big.NewInt(0))
}
