// Strings as bytes and as runes.
package main

import "fmt"

func main() {
	for _, s := range []string{"", "abc", "héllo", "世界", "a\xffb", "\xe4\xb8", "\xed\xa0\x80", "😀x", "\xf0\x9f", "\xc0\x80", "é\xe9é", "\x00\x7f"} {
		fmt.Printf("%q %d", s, len(s))
		for i := 0; i < len(s); i++ {
			fmt.Print(" ", s[i])
		}
		for i, r := range s {
			fmt.Print(" ", i, ":", r)
		}
		fmt.Println()
		for i := 0; i <= len(s); i++ {
			fmt.Printf("%q %q ", s[i:], s[:i])
		}
		fmt.Println()
		fmt.Println([]byte(s), []rune(s), string([]byte(s)) == s, string([]rune(s)))
	}
	fmt.Println(string(rune(65)), string(rune(0x4e16)), string(rune(-1)), string(rune(0xD800)), string(rune(0x110000)), string([]rune{72, -5, 0x1F600}))
	fmt.Println("a" < "b", "abc" < "abd", "Z" < "a", "é" > "z", "" < "a")
	x := "héllo"
	fmt.Println(x[1:2]+x[2:3] == "é", x[:1]+x[3:])
	fmt.Println(len(x[1:2]))
}
