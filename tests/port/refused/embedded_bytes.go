package main

import (
	_ "embed"
	"fmt"
)

//go:embed embedded_bytes.go
var data []byte // want strings only

//go:embed missing/file.txt
var missing string // want missing/file.txt: No such file

func main() {
	fmt.Println(len(data), missing)
}
