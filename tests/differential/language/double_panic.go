//go:build ignore

// A deferred call panics while the function panics: the program ends, and tells of both.
package main

import "fmt"

func worker() {
	defer fmt.Println("the first deferred call still runs")
	defer func() {
		defer fmt.Println("so does the deferred call's own")
		fmt.Println("the second deferred call panics too")
		panic("the clean-up has failed")
	}()
	panic("the work has failed")
}

func main() {
	done := make(chan bool)
	go func() {
		worker()
		close(done)
	}()
	<-done
}
