package main

import "fmt"

type Account struct {
	Owner   string
	Balance int
	Log     []string
}

func modify(s []int)          { s[0] = 100; s = append(s, 1); s[1] = 200 }
func grow(s *[]int)           { *s = append(*s, 7, 8) }
func first3(s []int) []int    { return s[:3] }
func credit(a Account, n int) { a.Balance += n; a.Log[0] = "seen" }
func update(m map[string][]int, k string) {
	v := m[k]
	v = append(v, 1)
	if len(v) > 2 {
		m[k] = v
	}
}

func main() {
	a := []int{1, 2, 3}
	modify(a)
	fmt.Println(a)
	b := make([]int, 2, 4)
	modify(b)
	fmt.Println(b, b[:3])
	grow(&a)
	fmt.Println(a, len(a))

	base := []int{0, 1, 2, 3, 4, 5}
	left, right := base[:3], base[3:]
	left = append(left, -1) // writes over base[3]
	fmt.Println(base, left, right)
	left = append(left, -2, -3, -4) // no room: copied
	left[0] = 50
	fmt.Println(base, left)
	f := first3(base)
	f[1] = 11
	g := append(f[:1:1], 99)
	fmt.Println(base, f, g)

	copied := append([]int{}, base...)
	copied[0] = -100
	var dst [3]int
	n := copy(dst[:], base)
	dst[0]++
	fmt.Println(base[0], n, dst)

	x := []int{1, 2, 3, 4}
	x = append(x[:1], x[2:]...)
	fmt.Println(x, x[:4])
	i := 0
	i, x[i] = 2, 50 // the index is evaluated before
	fmt.Println(i, x)
	p := &x[1]
	x = append(x, 5)
	*p = -9
	x = append(x, 6, 7)
	*p = -10
	fmt.Println(x, *p)

	accs := []Account{{"a", 1, []string{"new"}}, {"b", 2, []string{"new"}}}
	for _, acc := range accs {
		acc.Balance = 1000
		acc.Log[0] = acc.Owner
	}
	credit(accs[0], 5)
	ptr := &accs[1]
	ptr.Balance *= 10
	accs = append(accs, Account{Owner: "c"})
	ptr.Balance = 0
	second := accs[1]
	second.Owner = "changed"
	fmt.Printf("%v %v %v\n", accs, *ptr, second)

	m := map[string][]int{"k": make([]int, 1, 10)}
	update(m, "k")
	update(m, "new")
	fmt.Println(m, m["k"][:2])
	rows := make([][]string, 2)
	row := []string{"x"}
	for i := range rows {
		rows[i] = row
	}
	rows[0][0] = "shared"
	fmt.Println(rows)
	var nested [2][]int
	cp := nested
	cp[0] = append(cp[0], 1)
	fmt.Println(nested, cp)
	s1, s2 := "immutable", []byte("mutable")
	s3 := s1
	s4 := s2
	s4[0] = 'M'
	s3 += "!"
	fmt.Println(s1, s3, string(s2))
	for i, v := range base {
		if i == 0 {
			base = append(base, 1000)
			base[1] = 2000
		}
		if i < 3 {
			fmt.Print(v, " ")
		}
	}
	fmt.Println(len(base))
}
