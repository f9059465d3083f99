package main

import (
	"fmt"
	"runtime"
	"sync"
)

func download(page int, sem chan struct{}) {
	sem <- struct{}{} // blocks while two others download
	fmt.Println("page", page, "starts:", len(sem), "at once")
	runtime.Gosched() // other goroutines run
	<-sem
}

func main() {
	sem := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for page := range 4 {
		wg.Go(func() { download(page, sem) })
	}
	wg.Wait()
}
