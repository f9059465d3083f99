package main

import (
	"fmt"
	"strings"
)

func main() {
	for _, in := range []string{"5 apples 2.5", "5", "", "x y z", "5\napples\n2.5", "-7 é 1e3", "+3 a inf", "99999999999999999999 a 1", "5apples 2.5", "0x1F b 0x1p-2", "007 b 3", "5 a b", "  12   b   7.25 rest"} {
		var n int
		var s string
		var f float64
		c, err := fmt.Sscan(in, &n, &s, &f)
		fmt.Printf("%q: %d %v | %d %q %v\n", in, c, err, n, s, f)
		n, s, f = 0, "", 0
		c, err = fmt.Sscanln(in, &n, &s, &f)
		fmt.Printf("   ln %d %v | %d %q %v\n", c, err, n, s, f)
	}
	for _, c := range [][2]string{{"3,4", "%d,%d"}, {"3, 4", "%d,%d"}, {"3 4", "%d %d"}, {"3-4", "%d-%d"}, {"3 ,4", "%d,%d"}, {"(3 4)", "(%d %d)"}, {"34", "%1d%1d"}, {"1234", "%2d%d"}, {"a3b4", "a%db%d"}, {"x3", "%d"}, {"3", "%d %d"}, {"3 4 5", "%d %d"}, {"ff 10", "%x %o"}, {"3%4", "%d%%%d"}, {"3\n4", "%d\n%d"}, {"3\n4", "%d %d"}, {"3 4\n", "%d %d\n"}, {"move 7 from 3", "move %d from %d"}, {"move 7", "move %d from %d"}} {
		var a, b int
		n, err := fmt.Sscanf(c[0], c[1], &a, &b)
		fmt.Printf("%q %q: %d %v | %d %d\n", c[0], c[1], n, err, a, b)
	}
	var name string
	var age int
	var r rune
	var ok bool
	var u uint8
	n, err := fmt.Sscanf("bob:42:x:true:200", "%3s:%d:%c:%t:%d", &name, &age, &r, &ok, &u)
	fmt.Println(n, err, name, age, r, ok, u)
	n, err = fmt.Sscanf("bob 300", "%s %d", &name, &u)
	fmt.Println(n, err, name, u)
	n, err = fmt.Sscan("300 5", &u, &age)
	fmt.Println(n, err)
	n, err = fmt.Sscan("true F maybe", &ok, &ok, &ok)
	fmt.Println(n, err, ok)
	n, err = fmt.Sscanf("\"q s\" tail", "%q %s", &name, &name)
	fmt.Println(n, err, name)
	n, err = fmt.Sscan("-5", &u)
	fmt.Println(n, err)
	rd := strings.NewReader("1 2 3\n4 five\n6")
	for {
		var x int
		_, err := fmt.Fscan(rd, &x)
		fmt.Print(x, " ", err, "; ")
		if err != nil {
			break
		}
	}
	fmt.Println()
	rd = strings.NewReader("1 2\n3\n\n4 5\n")
	for range 6 {
		var x, y int
		n, err := fmt.Fscanln(rd, &x, &y)
		fmt.Print(n, " ", err, " ", x, y, "; ")
	}
	fmt.Println()
	rd = strings.NewReader("a=1\nb=2\n")
	for range 3 {
		var k string
		var v int
		n, err := fmt.Fscanf(rd, "%1s=%d\n", &k, &v)
		fmt.Print(n, " ", err, " ", k, v, "; ")
	}
	fmt.Println()
}
