// Strings as bytes and runes in variables that stay on the stack: parts beyond the length, but not the capacity.
package main

import "fmt"

func triples(s string) {
	runes := []rune(s)
	for i := 0; i < len(runes); i += 3 {
		fmt.Printf("%q ", string(runes[i:i+3]))
	}
	fmt.Println(len(runes))
}

func pairs(s string) {
	defer func() { fmt.Println(recover()) }()
	data := []byte(s)
	for i := 0; i < len(data); i += 2 {
		fmt.Printf("%q ", string(data[i:i+2]))
	}
	fmt.Println(len(data))
}

// Go does not copy bytes that are only read.
func long(s string) {
	defer func() { fmt.Println(recover() != nil) }()
	data := []byte(s)
	fmt.Println(len(string(data[:len(data)+100])))
}

func plain(s string) {
	defer func() { fmt.Println(recover() != nil) }()
	runes := []rune(s)
	for i := range runes {
		fmt.Print(string(runes[i:]), string(runes[:i]), " ")
	}
	fmt.Println(string(runes[1:2]))
}

func constant() {
	defer func() { fmt.Println(recover()) }()
	runes := []rune("hello")
	fmt.Println(len(runes), cap(runes), string(runes[3:7]))
}

func main() {
	constant()
	triples("abcdefgh")
	triples("héllo")
	pairs("abcd")
	pairs("")
	pairs("abc")
	long("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz")
	long("abc")
	plain("xyz")
	plain("")
}
