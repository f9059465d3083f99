package main

import (
	"fmt"
	"os/exec"
)

func main() {
	out, err := exec.Command("date").Output() // want os/exec
	fmt.Println(len(out) > 0, err)
}
