package main

import (
	"fmt"
	"math"
	"math/big"
)

type account struct {
	balance *big.Float
	ratio   big.Rat
}

func harmonic(n int64) *big.Rat {
	sum := new(big.Rat)
	for i := int64(1); i <= n; i++ {
		sum.Add(sum, big.NewRat(1, i))
	}
	return sum
}

func sqrt2(prec uint) *big.Float {
	two := new(big.Float).SetPrec(prec).SetInt64(2)
	half := new(big.Float).SetPrec(prec).SetFloat64(0.5)
	x := new(big.Float).SetPrec(prec).SetInt64(1)
	t := new(big.Float)
	for i := 0; i <= int(math.Log2(float64(prec))); i++ {
		t.Quo(two, x)
		t.Add(x, t)
		x.Mul(half, t)
	}
	return x
}

func try(f func()) {
	defer func() { fmt.Println("recovered:", recover()) }()
	f()
}

func main() {
	h := harmonic(10)
	fmt.Println(h, h.RatString(), h.FloatString(5), h.Num(), h.Denom(), h.Sign(), h.IsInt())
	r, ok := new(big.Rat).SetString("3.125")
	q, _ := new(big.Rat).SetString("-22/7")
	fmt.Println(r, ok, q, q.FloatString(0), q.FloatString(3), r.Cmp(q), new(big.Rat).Quo(r, q))
	_, ok = new(big.Rat).SetString("1/0")
	_, ok2 := new(big.Rat).SetString("x")
	fmt.Println(ok, ok2, new(big.Rat).SetInt64(4), new(big.Rat).SetInt64(4).RatString(), new(big.Rat).SetFloat64(0.1))
	f, exact := big.NewRat(1, 3).Float64()
	fmt.Println(f, exact, big.NewRat(6, -4), new(big.Rat).Inv(big.NewRat(-2, 3)), new(big.Rat).Abs(q), new(big.Rat).Neg(q))
	fmt.Printf("%v %s %v\n", r, q, []*big.Rat{r})
	fmt.Println(big.NewRat(1, 8).FloatString(2), big.NewRat(-5, 1000).FloatString(2), big.NewRat(7, 1).FloatString(0))
	try(func() { big.NewRat(1, 0) })
	try(func() { r.Quo(r, new(big.Rat)) })

	a, b := big.NewFloat(0.1), big.NewFloat(0.2)
	c := new(big.Float).Add(a, b)
	fmt.Println(a, c, c.Text('f', 20), c.String(), c.Prec(), c.Cmp(big.NewFloat(0.3)))
	fmt.Printf("%v %g %f %.3f %e %10.2f|%-10.1f|%+.2f|%08.3f %s\n", c, c, c, c, c, c, c, c, c, c)
	s := sqrt2(200)
	fmt.Printf("sqrt(2) = %.50f\n", s)
	t := new(big.Float).Mul(s, s)
	fmt.Printf("error = %e\n", t.Sub(big.NewFloat(2), t))
	fmt.Println(s, s.Text('g', 30), s.Prec())
	x, ok := new(big.Float).SetString("1234567890.123456789")
	fmt.Println(x, ok, x.Text('f', -1), x.Text('e', 5), x.Text('G', 3), x.IsInt(), x.Sign())
	_, ok = new(big.Float).SetString("abc")
	fmt.Println(ok, new(big.Float).SetInt64(1e18), big.NewFloat(1e6), big.NewFloat(123456), big.NewFloat(1e21), big.NewFloat(1e-7))
	fmt.Println(new(big.Float).Sqrt(big.NewFloat(2)), new(big.Float).SetPrec(100).Sqrt(big.NewFloat(16)), new(big.Float).Neg(a), new(big.Float).Abs(big.NewFloat(-2.5)))
	var zero big.Float
	fmt.Println(&zero, zero.Text('f', 2), zero.String(), zero.Sign(), new(big.Float).Quo(a, big.NewFloat(0)), new(big.Float).Neg(&zero))
	try(func() { new(big.Float).Quo(&zero, &zero) })
	try(func() { new(big.Float).Sqrt(big.NewFloat(-1)) })
	acc := &account{balance: big.NewFloat(100)}
	acc.balance = new(big.Float).Sub(acc.balance, big.NewFloat(33.33))
	acc.ratio.SetFrac64(10, 4)
	copied := *acc
	copied.ratio.Add(&copied.ratio, big.NewRat(1, 2))
	fmt.Println(acc.balance, acc.balance.Text('f', 2), acc.ratio.String(), copied.ratio.String(), acc.balance.Cmp(big.NewFloat(50)) > 0)
	n := new(big.Int).Exp(big.NewInt(3), big.NewInt(100), nil)
	fmt.Println(new(big.Float).SetInt(n), new(big.Rat).SetFrac(n, big.NewInt(9)), new(big.Float).SetRat(h), new(big.Rat).SetInt(n).IsInt())
	for _, v := range []float64{0, 1, 9.995, 99.99, 0.5, 1.5, 2.5, 1e15, 123456789, 5e-324, 1.7976931348623157e308} {
		y := big.NewFloat(v)
		fmt.Println(y, y.Text('f', 0), y.Text('f', 2), y.Text('e', 0), y.Text('g', 4), y.Text('g', 0), y)
	}
	p := new(big.Float).SetPrec(30).SetFloat64(math.Pi)
	fmt.Println(p, p.Prec(), p.SetPrec(10), new(big.Float).Copy(p).Prec(), new(big.Float).Set(p))

	f64, where := c.Float64()
	whole, cut := new(big.Float).SetFloat64(-7.75).Int64()
	fmt.Println(f64, where, where == big.Exact, whole, cut, cut == big.Above)
	var how big.Accuracy = big.Below
	fmt.Printf("%v %d %s %T\n", how, how, how, how)
	i, ia := s.Int(nil)
	ra, raa := big.NewFloat(0.75).Rat(nil)
	u, ua := big.NewFloat(-3).Uint64()
	nf, na := n.Float64()
	fmt.Println(i, ia, ra, raa, u, ua, nf, na, s.MinPrec(), big.NewFloat(6).MinPrec(), zero.MinPrec())
	seed := uint64(1)
	for k := range 120 {
		seed = seed*6364136223846793005 + 1442695040888963407
		e := int(seed>>50)%60 - 30
		y := new(big.Float).SetPrec(uint(3+k*2)).SetFloat64(math.Ldexp(float64(seed>>11), e-53))
		z := new(big.Float).SetPrec(uint(200 - k)).Quo(y, new(big.Float).SetInt64(int64(k%7+3)))
		fmt.Println(y, z, z.Text('e', k%20), z.Text('f', k%15), z.Text('g', k%25), z.Cmp(y), new(big.Float).SetPrec(uint(k+2)).Sqrt(z))
	}
}
