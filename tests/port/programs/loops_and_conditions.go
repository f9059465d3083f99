package main

import "fmt"

func classify(n int) string {
	if n < 0 {
		return "negative"
	} else if n == 0 {
		return "zero"
	} else if half := n / 2; half*2 == n {
		return fmt.Sprint("even, half is ", half)
	} else {
		return fmt.Sprint("odd, half is not ", half)
	}
}

func main() {
	i := 1
	for i <= 3 {
		fmt.Print(i, " ")
		i = i + 1
	}
	fmt.Println()
	for j := 0; j < 3; j++ {
		fmt.Print("j", j, " ")
	}
	for i := range 3 {
		fmt.Print("range ", i, "; ")
	}
	fmt.Println()
	for {
		fmt.Println("loop once")
		break
	}
	for n := 0; n <= 7; n++ {
		if n%2 == 0 {
			continue
		}
		if n == 5 {
			break
		}
		fmt.Println("odd", n)
	}
	for n := 10; n > 0; n -= 3 {
		fmt.Print(n, " ")
	}
	fmt.Println("done", i)
	for lo, hi := 0, 9; lo < hi; lo, hi = lo+1, hi-2 {
		fmt.Print("(", lo, ",", hi, ")")
	}
	fmt.Println()
	for k := 0; k < 10; k++ {
		if k == 2 {
			k += 5 // the body changes the loop's variable
		}
		fmt.Print(k, " ")
	}
	fmt.Println()
	limit := 5
	for k := 0; k < limit; k++ {
		if k == 1 {
			limit = 3
		}
		fmt.Print(k, "/", limit, " ")
	}
	fmt.Println()
	for _, n := range []int{-3, 0, 7, 8} {
		fmt.Println(n, classify(n))
	}
	sum := 0
	for range 4 {
		sum += 10
	}
	fmt.Println(sum)
	if v, err := fmt.Sscan("12 x", &sum); err != nil {
		fmt.Println("scan:", v, sum)
	} else {
		fmt.Println("scanned:", v, sum)
	}
	for k := uint8(250); k > 200; k++ {
		fmt.Print(k, " ")
	}
	fmt.Println()
}
