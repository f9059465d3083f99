package main

import (
	"fmt"
	"strconv"
)

type Result struct {
	Value int
	Err   error
}

func parse(lines ...string) <-chan Result {
	out := make(chan Result)
	go func() {
		defer close(out)
		for _, line := range lines {
			value, err := strconv.Atoi(line)
			if err != nil {
				err = fmt.Errorf("not a number: %s", line)
			}
			out <- Result{value, err}
		}
	}()
	return out
}

func main() {
	total := 0
	for result := range parse("12", "3o", "30") {
		if result.Err != nil {
			fmt.Println("skipped,", result.Err)
			continue
		}
		total += result.Value
	}
	fmt.Println("total", total)
}
