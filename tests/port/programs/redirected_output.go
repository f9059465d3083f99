// Another file in os.Stdout, which prints write to.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

func captured(f func()) string {
	old := os.Stdout
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	os.Stdout = w
	defer func() { os.Stdout = old }()
	f()
	fmt.Fprintln(old, "to the terminal")
	w.Close()
	data, _ := io.ReadAll(r)
	return string(data)
}

func main() {
	fmt.Println("before")
	text := captured(func() {
		fmt.Println("line", 1)
		fmt.Print(2.5, "\n")
		fmt.Printf("%d\xff\n", 3)
		fmt.Fprintln(os.Stdout, "é")
		os.Stdout.WriteString("raw")
	})
	fmt.Printf("%q\n", text)
	fmt.Printf("%q\n", captured(func() {
		fmt.Print(captured(func() { fmt.Print("inner") }), "outer")
	}))
	name := os.TempDir() + "/redirected_output"
	old := os.Stdout
	var err error
	os.Stdout, err = os.Create(name)
	fmt.Println("in the file", err)
	os.Stdout.Close()
	n, failed := fmt.Fprint(os.Stdout, "closed")
	os.Stdout = old
	data, _ := os.ReadFile(name)
	fmt.Print(string(data), n, failed != nil, "\n")
	os.Remove(name)
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintln(out, "after")
	out.Flush()
}
