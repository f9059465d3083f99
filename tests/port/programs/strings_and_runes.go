package main

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

func examineRune(r rune) {
	if r == 't' {
		fmt.Println("found tee")
	} else if r == 'ส' {
		fmt.Println("found so sua")
	}
}

func Reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func isPalindrome(s string) bool {
	var letters []rune
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters = append(letters, unicode.ToLower(r))
		}
	}
	for i := range letters {
		if letters[i] != letters[len(letters)-1-i] {
			return false
		}
	}
	return true
}

func main() {
	const s = "สวัสดี"
	fmt.Println("Len:", len(s))
	for i := 0; i < len(s); i++ {
		fmt.Printf("%x ", s[i])
	}
	fmt.Println()
	fmt.Println("Rune count:", utf8.RuneCountInString(s))
	for idx, runeValue := range s {
		fmt.Printf("%#U starts at %d\n", runeValue, idx)
	}
	for i, w := 0, 0; i < len(s); i += w {
		runeValue, width := utf8.DecodeRuneInString(s[i:])
		w = width
		examineRune(runeValue)
	}
	fmt.Println(Reverse("Hello, 世界!"), Reverse(""))
	fmt.Println(isPalindrome("A man, a plan, a canal: Panama"), isPalindrome("Été"), isPalindrome("go"))
	h := "héllo"
	fmt.Println(h[0], h[1], h[1:3], h[:1]+"e"+h[3:], len(h), len([]rune(h)))
	fmt.Println(string(h[0]), string(rune(233)), string([]byte{104, 105}), string([]rune{0x4e16, 0x754c}))
	bytes := []byte(h)
	bytes[0] = 'J'
	fmt.Println(string(bytes), h, bytes)
	bad := "a\xffb\xc0"
	for i, r := range bad {
		fmt.Print(i, ":", r, " ")
	}
	fmt.Println(len(bad), utf8.ValidString(bad), []rune(bad), []byte(bad))
	fmt.Printf("%q %+q %x %s|\n", bad, "é", bad, bad[:1])
	fmt.Println("a" < "b", "a" < "B", "abc" < "abd", "Z" < "a", "" < "a", "é" > "z")
	var total rune
	for _, r := range "abc" {
		total += r - 'a' + 1
	}
	fmt.Println(total, 'a'+1, string(rune('a'+1)), "x"+string(rune('0'+7)))
	counts := [26]int{}
	for _, c := range "mississippi" {
		counts[c-'a']++
	}
	fmt.Println(counts, counts['s'-'a'])
	multi := `line 1
  "line 2"	tab
`
	fmt.Print(multi)
	fmt.Println(len(multi), multi[len(multi)-1] == '\n')
	str := ""
	for c := byte('a'); c <= 'e'; c++ {
		str += string(c)
	}
	fmt.Println(str, str[1:4], str[len(str):] == "")
	defer func() { fmt.Println(recover()) }()
	i := 10
	fmt.Println(str[i])
}
