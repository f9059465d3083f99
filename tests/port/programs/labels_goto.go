package main

import "fmt"

func find(grid [][]int, want int) (r, c int, ok bool) {
search:
	for r = range grid {
		for c = range grid[r] {
			switch {
			case grid[r][c] < 0:
				continue search
			case grid[r][c] == want:
				ok = true
				break search
			}
		}
	}
	return
}

func gotoLoop(n int) (sum int) {
	i := 0
loop:
	if i < n {
		sum += i
		i++
		goto loop
	}
	return
}

func retry(fails int) string {
	attempts := 0
again:
	attempts++
	if attempts <= fails {
		if attempts > 3 {
			goto failed
		}
		goto again
	}
	return fmt.Sprint("ok after ", attempts)
failed:
	return fmt.Sprint("failed after ", attempts)
}

func primes(n int) (out []int) {
next:
	for i := 2; i <= n; i++ {
		for _, p := range out {
			if p*p > i {
				break
			}
			if i%p == 0 {
				continue next
			}
		}
		out = append(out, i)
	}
	return
}

func drain(ch chan int, quit chan bool) (sum int) {
loop:
	for {
		select {
		case v, ok := <-ch:
			if !ok {
				break loop
			}
			if v == 0 {
				break // leaves the select only
			}
			sum += v
			continue loop
		case <-quit:
			sum = -1
			break loop
		}
		sum += 100
	}
	return
}

func main() {
	grid := [][]int{{1, -1, 9}, {2, 3, 4}, {9, 5, 6}}
	fmt.Println(find(grid, 9))
	fmt.Println(find(grid, 7))
	fmt.Println(gotoLoop(5), retry(2), "/", retry(10))
	fmt.Println(primes(40))
	ch := make(chan int, 5)
	for _, v := range []int{1, 0, 2, 3} {
		ch <- v
	}
	close(ch)
	fmt.Println(drain(ch, nil))
	quit := make(chan bool, 1)
	quit <- true
	fmt.Println(drain(nil, quit))

outer:
	for i := 0; ; i++ {
	inner:
		for j := 0; ; j++ {
			switch {
			case j == i:
				fmt.Println()
				continue outer
			case i == 4:
				break outer
			case j == 2:
				break inner
			}
			fmt.Print(i, j, " ")
		}
		fmt.Println("inner left at", i)
	}
	n := 0
sw:
	switch n {
	case 0:
		for {
			n++
			if n == 5 {
				break sw
			}
		}
	}
	fmt.Println("end", n)
}
