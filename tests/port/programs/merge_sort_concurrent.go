package main

import (
	"fmt"
	"sort"
	"sync"
)

func merge(left, right []int) []int {
	result := make([]int, 0, len(left)+len(right))
	i, j := 0, 0
	for i < len(left) && j < len(right) {
		if left[i] <= right[j] {
			result = append(result, left[i])
			i++
		} else {
			result = append(result, right[j])
			j++
		}
	}
	result = append(result, left[i:]...)
	return append(result, right[j:]...)
}

func mergeSort(items []int, depth int) []int {
	if len(items) < 2 {
		return items
	}
	mid := len(items) / 2
	var left, right []int
	if depth > 0 {
		var wg sync.WaitGroup
		wg.Add(2)
		go func() { defer wg.Done(); left = mergeSort(items[:mid], depth-1) }()
		go func() { defer wg.Done(); right = mergeSort(items[mid:], depth-1) }()
		wg.Wait()
	} else {
		left, right = mergeSort(items[:mid], 0), mergeSort(items[mid:], 0)
	}
	return merge(left, right)
}

func quickSort(a []int) {
	if len(a) < 2 {
		return
	}
	pivot := a[len(a)/2]
	i, j := 0, len(a)-1
	for i <= j {
		for a[i] < pivot {
			i++
		}
		for a[j] > pivot {
			j--
		}
		if i <= j {
			a[i], a[j] = a[j], a[i]
			i, j = i+1, j-1
		}
	}
	quickSort(a[:j+1])
	quickSort(a[i:])
}

func main() {
	seed := uint32(12345)
	next := func() int {
		seed = seed*1664525 + 1013904223
		return int(seed>>16) % 1000
	}
	nums := make([]int, 40)
	for i := range nums {
		nums[i] = next()
	}
	sorted := mergeSort(nums, 3)
	fmt.Println(nums[:5], sorted[:5], sorted[35:])
	fmt.Println(sort.IntsAreSorted(sorted), sort.IntsAreSorted(nums))
	quickSort(nums)
	same := true
	for i := range nums {
		same = same && nums[i] == sorted[i]
	}
	fmt.Println(same)
	fmt.Println(sort.SearchInts(nums, nums[17]) <= 17)
}
