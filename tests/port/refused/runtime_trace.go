package main

import (
	"fmt"
	"os"
	"runtime/trace"
)

func main() {
	file, err := os.Create("run.trace")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	if err := trace.Start(file); err != nil { // want gochan.trace does the job
		fmt.Println(err)
		return
	}
	defer trace.Stop() // want gochan.trace does the job
	fmt.Println("recorded")
}
