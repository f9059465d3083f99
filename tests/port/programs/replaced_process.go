// A program that another one replaces, by syscall.Exec.
package main

import (
	"fmt"
	"os"
	"syscall"
)

func main() {
	fmt.Println(syscall.Exec("/bin/nothing", []string{"nothing"}, nil))
	defer fmt.Println("never printed")
	command := `echo $0 $1 $X; yes | head -1; exit 3`
	panic(syscall.Exec("/bin/sh", []string{"name", "-c", command, "zero", "one"}, append(os.Environ(), "X=y=z")))
}
