package main

import (
	"fmt"
	"sort"
	"strings"
)

func permute(nums []int) [][]int {
	var res [][]int
	var backtrack func(start int)
	backtrack = func(start int) {
		if start == len(nums) {
			res = append(res, append([]int{}, nums...))
			return
		}
		for i := start; i < len(nums); i++ {
			nums[start], nums[i] = nums[i], nums[start]
			backtrack(start + 1)
			nums[start], nums[i] = nums[i], nums[start]
		}
	}
	backtrack(0)
	return res
}

func subsetsWrong(nums []int) [][]int {
	// The classic bug: the path is shared, so later appends write over earlier results.
	res := [][]int{}
	var walk func(i int, path []int)
	walk = func(i int, path []int) {
		res = append(res, path)
		for j := i; j < len(nums); j++ {
			walk(j+1, append(path, nums[j]))
		}
	}
	walk(0, make([]int, 0, len(nums)))
	return res
}

func subsets(nums []int) (res [][]int) {
	for mask := 0; mask < 1<<len(nums); mask++ {
		var s []int
		for i, n := range nums {
			if mask>>i&1 == 1 {
				s = append(s, n)
			}
		}
		res = append(res, s)
	}
	return
}

func combinations(n, k int) (res [][]int) {
	var dfs func(start int, comb []int)
	dfs = func(start int, comb []int) {
		if len(comb) == k {
			tmp := make([]int, k)
			copy(tmp, comb)
			res = append(res, tmp)
			return
		}
		for i := start; i <= n; i++ {
			comb = append(comb, i)
			dfs(i+1, comb)
			comb = comb[:len(comb)-1]
		}
	}
	dfs(1, []int{})
	return
}

func permuteString(s string) []string {
	if len(s) <= 1 {
		return []string{s}
	}
	seen := map[string]bool{}
	var out []string
	for i, c := range s {
		for _, rest := range permuteString(s[:i] + s[i+1:]) {
			if p := string(c) + rest; !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	return out
}

func parentheses(n int) (out []string) {
	var build func(cur []byte, open, closed int)
	build = func(cur []byte, open, closed int) {
		if len(cur) == 2*n {
			out = append(out, string(cur))
			return
		}
		if open < n {
			build(append(cur, '('), open+1, closed)
		}
		if closed < open {
			build(append(cur, ')'), open, closed+1)
		}
	}
	build(nil, 0, 0)
	return
}

func nextPermutation(a []int) bool {
	i := len(a) - 2
	for i >= 0 && a[i] >= a[i+1] {
		i--
	}
	if i < 0 {
		sort.Ints(a)
		return false
	}
	j := len(a) - 1
	for a[j] <= a[i] {
		j--
	}
	a[i], a[j] = a[j], a[i]
	for l, r := i+1, len(a)-1; l < r; l, r = l+1, r-1 {
		a[l], a[r] = a[r], a[l]
	}
	return true
}

func main() {
	fmt.Println(permute([]int{1, 2, 3}))
	fmt.Println(subsetsWrong([]int{1, 2, 3}))
	fmt.Println(subsets([]int{1, 2, 3}))
	fmt.Println(combinations(4, 2))
	fmt.Println(permuteString("aab"), len(permuteString("abcd")))
	fmt.Println(strings.Join(parentheses(3), " "))
	a := []int{1, 1, 2}
	for ok := true; ok; ok = nextPermutation(a) {
		fmt.Print(a, " ")
	}
	fmt.Println(a)
}
