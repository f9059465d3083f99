package main

import (
	"crypto/sha512"
	"fmt"
	"hash"
	"hash/adler32"
	"io"
	"strings"
)

func main() {
	text := strings.Repeat("the quick brown fox", 500)
	fmt.Println(adler32.Checksum([]byte("")), adler32.Checksum([]byte(text)), adler32.Size)
	a := adler32.New()
	io.WriteString(a, text[:100])
	before := a.Sum32()
	io.WriteString(a, text[100:])
	fmt.Println(before, a.Sum32() == adler32.Checksum([]byte(text)), a.Size(), a.BlockSize())
	a.Reset()
	fmt.Printf("%08x %x\n", a.Sum32(), a.Sum([]byte("sum:")))
	for _, h := range []hash.Hash{sha512.New512_256(), sha512.New512_224(), sha512.New384(), sha512.New(), adler32.New()} {
		fmt.Fprint(h, "go", 1, 2)
		fmt.Printf("%d %d %x\n", h.Size(), h.BlockSize(), h.Sum(nil))
	}
	fmt.Printf("%x\n%x\n", sha512.Sum512_256([]byte("go")), sha512.Sum512_224([]byte("go")))
	fmt.Println(sha512.Size256, sha512.Size224)
}
