package main

import (
	"fmt"
	"strings"
)

type Name string

const half = "\xc3"

func reverse(s string) (out string) {
	for i := len(s) - 1; i >= 0; i-- {
		out = string(s[i]) + out
	}
	return
}

func byBytes(s string) string {
	out := ""
	for i := 0; i < len(s); i++ {
		out += s[i : i+1]
	}
	return out
}

func main() {
	s := "é"
	a, b := s[:1], s[1:]
	fmt.Println(a+b == s, len(a), len(a+b), []rune(a + b)[0])
	fmt.Println(byBytes("zoë 世界") == "zoë 世界", byBytes("世"))
	m := map[string]int{"é": 1}
	fmt.Println(m[a+b], m[a], strings.Contains("caf"+a+b, "é"))
	var sb strings.Builder
	for i := 0; i < len(s); i++ {
		sb.WriteByte(s[i])
	}
	fmt.Println(sb.String() == s, strings.ToUpper(sb.String()))
	fmt.Println(strings.Join([]string{a, b}, "") == s, strings.ToUpper(a+b))
	bytes := []byte{}
	for i := 0; i < len(s); i++ {
		bytes = append(bytes, s[i])
	}
	fmt.Println(string(bytes) == s, string(bytes[:1])+string(bytes[1:]) == s)
	fmt.Printf("%q %x %q %v\n", a, a, a+b, a+"x"+b == "\xc3x\xa9")
	t := half
	t += "\xa9"
	fmt.Println(t, t == "é", half+"\xa9" == s, len(half))
	u := fmt.Sprint(a, b)
	v := fmt.Sprintf("%s%s", a, b)
	fmt.Println(u == s, v == s, fmt.Sprintf("<%s>", a+b) == "<é>")
	switch a + b {
	case "é":
		fmt.Println("whole")
	case "\xc3":
		fmt.Println("half")
	}
	switch a {
	case "é":
		fmt.Println("whole")
	case "\xc3":
		fmt.Println("half")
	}
	var x any = a
	_, ok := x.(string)
	fmt.Printf("%T %v %v\n", x, ok, x == any(half))

	fmt.Println(fmt.Sprint(Name("a"), 1, 2, Name("b"), "c"))
	keys := map[any]bool{a + b: true}
	fmt.Println(keys["é"], a < b, a+b < "z", a+b > "z")
	for i, r := range "x" + a + b {
		fmt.Print(i, r, " ")
	}
	fmt.Println(len(reverse("ab")), a[0], b[0])
}
