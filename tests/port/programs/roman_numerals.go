package main

import (
	"errors"
	"fmt"
	"strings"
)

var table = []struct {
	value  int
	symbol string
}{
	{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"},
	{50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
}

func toRoman(n int) (string, error) {
	if n <= 0 || n >= 4000 {
		return "", fmt.Errorf("%d is out of range", n)
	}
	var sb strings.Builder
	for _, t := range table {
		for n >= t.value {
			sb.WriteString(t.symbol)
			n -= t.value
		}
	}
	return sb.String(), nil
}

var errNotCanonical = errors.New("not in canonical form")

func fromRoman(s string) (total int, err error) {
	values := map[rune]int{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100, 'D': 500, 'M': 1000}
	last := 0
	runes := []rune(strings.ToUpper(s))
	for i := len(runes) - 1; i >= 0; i-- {
		v, ok := values[runes[i]]
		if !ok {
			return 0, fmt.Errorf("bad digit %q at %d", runes[i], i)
		}
		if v < last {
			total -= v
		} else {
			total += v
			last = v
		}
	}
	if back, err := toRoman(total); err != nil {
		return 0, err
	} else if back != strings.ToUpper(s) {
		return total, fmt.Errorf("%q: %w (want %q)", s, errNotCanonical, back)
	}
	return total, nil
}

func main() {
	for _, n := range []int{1, 4, 9, 14, 40, 90, 400, 1994, 2024, 3999, 0, 4000} {
		r, err := toRoman(n)
		if err != nil {
			fmt.Println("error:", err)
			continue
		}
		back, err := fromRoman(r)
		fmt.Printf("%4d %-10s %d %v\n", n, r, back, err)
	}
	for _, s := range []string{"mcmxciv", "IIII", "ABC", "", "IC"} {
		n, err := fromRoman(s)
		fmt.Println(n, err, errors.Is(err, errNotCanonical))
	}
}
