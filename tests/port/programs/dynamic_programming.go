package main

import (
	"fmt"
	"sort"
)

func knapsack(weights, values []int, capacity int) (int, []int) {
	n := len(weights)
	dp := make([][]int, n+1)
	for i := range dp {
		dp[i] = make([]int, capacity+1)
	}
	for i := 1; i <= n; i++ {
		for w := 0; w <= capacity; w++ {
			dp[i][w] = dp[i-1][w]
			if weights[i-1] <= w {
				dp[i][w] = max(dp[i][w], dp[i-1][w-weights[i-1]]+values[i-1])
			}
		}
	}
	var chosen []int
	for i, w := n, capacity; i > 0; i-- {
		if dp[i][w] != dp[i-1][w] {
			chosen = append(chosen, i-1)
			w -= weights[i-1]
		}
	}
	return dp[n][capacity], chosen
}

func editDistance(a, b string) int {
	s, t := []rune(a), []rune(b)
	prev := make([]int, len(t)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(s); i++ {
		cur := make([]int, len(t)+1)
		cur[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
		}
		prev = cur
	}
	return prev[len(t)]
}

func lcs(a, b string) string {
	var dp [20][20]int
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				dp[i][j] = 1 + dp[i+1][j+1]
			} else {
				dp[i][j] = max(dp[i+1][j], dp[i][j+1])
			}
		}
	}
	out := []byte{}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out = append(out, a[i])
			i++
			j++
		case dp[i+1][j] >= dp[i][j+1]:
			i++
		default:
			j++
		}
	}
	return string(out)
}

func coinChange(coins []int, amount int) int {
	const inf = int(^uint(0) >> 1)
	dp := make([]int, amount+1)
	for i := 1; i <= amount; i++ {
		dp[i] = inf
		for _, c := range coins {
			if c <= i && dp[i-c] != inf && dp[i-c]+1 < dp[i] {
				dp[i] = dp[i-c] + 1
			}
		}
	}
	if dp[amount] == inf {
		return -1
	}
	return dp[amount]
}

func lis(nums []int) int {
	tails := []int{}
	for _, n := range nums {
		i := sort.SearchInts(tails, n)
		if i == len(tails) {
			tails = append(tails, n)
		} else {
			tails[i] = n
		}
	}
	return len(tails)
}

func maxSubarray(nums []int) (best, from, to int) {
	best = nums[0]
	cur, start := 0, 0
	for i, n := range nums {
		if cur <= 0 {
			cur, start = n, i
		} else {
			cur += n
		}
		if cur > best {
			best, from, to = cur, start, i
		}
	}
	return
}

var memo = map[[2]int]int64{}

func paths(r, c int) int64 {
	if r == 0 || c == 0 {
		return 1
	}
	key := [2]int{r, c}
	if v, ok := memo[key]; ok {
		return v
	}
	memo[key] = paths(r-1, c) + paths(r, c-1)
	return memo[key]
}

func main() {
	fmt.Println(knapsack([]int{1, 3, 4, 5}, []int{1, 4, 5, 7}, 7))
	fmt.Println(editDistance("kitten", "sitting"), editDistance("", "abc"), editDistance("naïve", "naive"))
	fmt.Println(lcs("AGGTAB", "GXTXAYB"), lcs("abc", "xyz") == "")
	fmt.Println(coinChange([]int{1, 2, 5}, 11), coinChange([]int{2}, 3), coinChange(nil, 0))
	fmt.Println(lis([]int{10, 9, 2, 5, 3, 7, 101, 18}), lis(nil))
	fmt.Println(maxSubarray([]int{-2, 1, -3, 4, -1, 2, 1, -5, 4}))
	fmt.Println(paths(16, 16), len(memo))
}
