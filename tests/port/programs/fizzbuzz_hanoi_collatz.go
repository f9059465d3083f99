package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

func fizzbuzz(n int) string {
	switch {
	case n%15 == 0:
		return "FizzBuzz"
	case n%3 == 0:
		return "Fizz"
	case n%5 == 0:
		return "Buzz"
	}
	return strconv.Itoa(n)
}

type peg []int

func hanoi(n int, from, to, via *peg, moves *int, show func()) {
	if n == 0 {
		return
	}
	hanoi(n-1, from, via, to, moves, show)
	last := len(*from) - 1
	disk := (*from)[last]
	*from = (*from)[:last]
	*to = append(*to, disk)
	*moves++
	show()
	hanoi(n-1, via, to, from, moves, show)
}

func collatz(n uint64) (steps int, peak uint64) {
	for peak = n; n != 1; steps++ {
		if n%2 == 0 {
			n /= 2
		} else {
			n = 3*n + 1
		}
		peak = max(peak, n)
	}
	return
}

func ackermann(m, n uint) uint {
	switch {
	case m == 0:
		return n + 1
	case n == 0:
		return ackermann(m-1, 1)
	}
	return ackermann(m-1, ackermann(m, n-1))
}

func twoSum(nums []int, target int) []int {
	seen := make(map[int]int, len(nums))
	for i, n := range nums {
		if j, ok := seen[target-n]; ok {
			return []int{j, i}
		}
		seen[n] = i
	}
	return nil
}

func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

func perfect(limit int) (found []int) {
	for n := 2; n < limit; n++ {
		sum := 1
		for d := 2; d*d <= n; d++ {
			if n%d == 0 {
				sum += d
				if q := n / d; q != d {
					sum += q
				}
			}
		}
		if sum == n {
			found = append(found, n)
		}
	}
	return
}

func main() {
	for i := 1; i <= 15; i++ {
		fmt.Fprint(os.Stdout, fizzbuzz(i), " ")
	}
	fmt.Println()
	a, b, c := peg{3, 2, 1}, peg{}, peg(nil)
	moves := 0
	hanoi(3, &a, &c, &b, &moves, func() { fmt.Println(a, b, c) })
	fmt.Println("moves:", moves)
	fmt.Println(collatz(27))
	fmt.Println(collatz(9663))
	fmt.Println(ackermann(2, 3), twoSum([]int{2, 7, 11, 15}, 26), twoSum(nil, 1), perfect(500))
	for i, l := range wrap("the quick brown fox jumps over the lazy dog again and again", 16) {
		fmt.Printf("%d|%-16s|%16s|\n", i, l, l)
	}
	for i := 3; i >= -1; i-- {
		fmt.Print(strings.Repeat(" ", i+1), strings.Repeat("*", 2*(3-i)+1), "\n")
	}
}
