package main

import (
	"fmt"
	"slices"
)

func main() {
	var s []string
	fmt.Println("uninit:", s, s == nil, len(s) == 0)
	s = make([]string, 3)
	fmt.Printf("emp: %q len: %d cap: %d\n", s, len(s), cap(s))
	s[0], s[1], s[2] = "a", "b", "c"
	s = append(s, "d")
	s = append(s, "e", "f")
	c := make([]string, len(s))
	copy(c, s)
	c[0] = "changed"
	fmt.Println(s, c, len(s))
	l := s[2:5]
	fmt.Println(l, s[:5], s[2:], len(l), cap(l))
	t := []string{"g", "h", "i"}
	t2 := []string{"g", "h", "i"}
	if slices.Equal(t, t2) {
		fmt.Println("t == t2")
	}
	twoD := make([][]int, 3)
	for i := 0; i < 3; i++ {
		innerLen := i + 1
		twoD[i] = make([]int, innerLen)
		for j := 0; j < innerLen; j++ {
			twoD[i][j] = i + j
		}
	}
	fmt.Println("2d: ", twoD)

	// delete, insert, filter, reverse, stack and queue
	nums := []int{1, 2, 3, 4, 5, 6}
	i := 2
	nums = append(nums[:i], nums[i+1:]...)
	fmt.Println(nums, len(nums), cap(nums))
	nums = append(nums[:1], append([]int{10, 11}, nums[1:]...)...)
	fmt.Println(nums)
	evens := nums[:0]
	for _, n := range nums {
		if n%2 == 0 {
			evens = append(evens, n)
		}
	}
	fmt.Println(evens, nums)
	for i, j := 0, len(nums)-1; i < j; i, j = i+1, j-1 {
		nums[i], nums[j] = nums[j], nums[i]
	}
	fmt.Println(nums)
	stack := []int{}
	stack = append(stack, 1, 2, 3)
	top := stack[len(stack)-1]
	stack = stack[:len(stack)-1]
	queue := []int{7, 8, 9}
	head := queue[0]
	queue = queue[1:]
	fmt.Println(top, stack, head, queue)
	n := copy(nums, []int{100, 200})
	fmt.Println(n, nums, copy(nums[1:], nums), nums)
	b := []byte("hello")
	copy(b[1:], "EY")
	fmt.Println(string(b), b, cap(nums[1:2:3]))
	var nilSlice []int
	empty := []int{}
	fmt.Println(nilSlice == nil, empty == nil, nilSlice, empty, len(nilSlice))
	for range nilSlice {
		fmt.Println("never")
	}
	nilSlice = append(nilSlice, empty...)
	fmt.Println(nilSlice == nil, append([]int(nil), 1))
	clear(nums)
	fmt.Println(nums, min(3, 1, 2), max(2.5, 1))
	fmt.Printf("%v %d %#v %T\n", t, nums, t, twoD)
	xs := slices.Clone([]int{3, 1, 2})
	slices.Sort(xs)
	pos, found := slices.BinarySearch(xs, 2)
	fmt.Println(xs, pos, found, slices.Contains(xs, 9), slices.Index(xs, 3), slices.Max(xs))
}
