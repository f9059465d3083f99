package main

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	b64 "encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"io"
)

func djb2(s string) uint32 {
	var h uint32 = 5381
	for i := 0; i < len(s); i++ {
		h = (h << 5) + h + uint32(s[i])
	}
	return h
}

type lcg struct{ state uint64 }

func (g *lcg) next() uint32 {
	g.state = g.state*6364136223846793005 + 1442695040888963407
	xorshifted := uint32(((g.state >> 18) ^ g.state) >> 27)
	rot := uint32(g.state >> 59)
	return (xorshifted >> rot) | (xorshifted << ((-rot) & 31))
}

func javaHash(s string) int32 {
	var h int32
	for _, c := range s {
		h = 31*h + c
	}
	return h
}

func main() {
	s := "sha256 this string"
	h := sha256.New()
	h.Write([]byte(s))
	bs := h.Sum(nil)
	fmt.Println(s)
	fmt.Printf("%x\n", bs)
	fmt.Printf("%x %d\n", sha256.Sum256([]byte("abc")), len(sha256.Sum256(nil)))
	fmt.Printf("%x\n%x\n", md5.Sum([]byte("hello")), sha1.Sum([]byte("hello")))
	m := md5.New()
	io.WriteString(m, "The fog is getting thicker!")
	fmt.Println(hex.EncodeToString(m.Sum(nil)))

	data := "abc123!?$*&()'-=@~"
	sEnc := b64.StdEncoding.EncodeToString([]byte(data))
	fmt.Println(sEnc)
	sDec, _ := b64.StdEncoding.DecodeString(sEnc)
	fmt.Println(string(sDec))
	uEnc := b64.URLEncoding.EncodeToString([]byte(data))
	fmt.Println(uEnc, b64.RawStdEncoding.EncodeToString([]byte("a")))
	_, err := b64.StdEncoding.DecodeString("!!!")
	fmt.Println(err)

	f := fnv.New32a()
	f.Write([]byte("hello"))
	f64 := fnv.New64a()
	f64.Write([]byte("hello"))
	fmt.Println(f.Sum32(), f64.Sum64(), crc32.ChecksumIEEE([]byte("hello")))
	fmt.Println(djb2("hello world, how are you?"), javaHash("hello world, how are you?"))
	g := &lcg{42}
	for i := 0; i < 4; i++ {
		fmt.Print(g.next()%1000, " ")
	}
	fmt.Println()
	buf := make([]byte, 8)
	binary.LittleEndian.PutUint32(buf, 0xdeadbeef)
	binary.BigEndian.PutUint16(buf[4:], 258)
	fmt.Println(buf, binary.BigEndian.Uint32(buf), hex.EncodeToString(buf))
	decoded, err := hex.DecodeString("48656c6c6f")
	fmt.Println(string(decoded), err, bytes.Equal(decoded, []byte("Hello")))
}
