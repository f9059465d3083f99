package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

type sortRunes []rune

func (s sortRunes) Less(i, j int) bool { return s[i] < s[j] }
func (s sortRunes) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s sortRunes) Len() int           { return len(s) }

func SortString(s string) string {
	r := []rune(s)
	sort.Sort(sortRunes(r))
	return string(r)
}

func groupAnagrams(words []string) [][]string {
	groups := map[[26]int][]string{}
	for _, w := range words {
		var key [26]int
		for _, c := range w {
			key[c-'a']++
		}
		groups[key] = append(groups[key], w)
	}
	var out [][]string
	for _, g := range groups {
		sort.Strings(g)
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return out
}

func caesar(s string, shift int) string {
	shift = (shift%26 + 26) % 26
	b := []byte(s)
	for i, c := range b {
		switch {
		case 'a' <= c && c <= 'z':
			b[i] = 'a' + (c-'a'+byte(shift))%26
		case 'A' <= c && c <= 'Z':
			b[i] = 'A' + (c-'A'+byte(shift))%26
		}
	}
	return string(b)
}

func vigenere(text, key string, sign int) string {
	var sb strings.Builder
	j := 0
	for _, r := range text {
		if r < 'A' || r > 'Z' {
			sb.WriteRune(r)
			continue
		}
		k := rune(key[j%len(key)]-'A') * rune(sign)
		sb.WriteRune('A' + (r-'A'+k+26)%26)
		j++
	}
	return sb.String()
}

func rle(s string) string {
	if s == "" {
		return s
	}
	var out string
	count, last := 0, rune(0)
	for i, r := range s {
		if i > 0 && r != last {
			out += fmt.Sprintf("%d%c", count, last)
			count = 0
		}
		last = r
		count++
	}
	return out + fmt.Sprintf("%d%c", count, last)
}

func longestUnique(s string) (best string) {
	seen := make(map[byte]int)
	start := 0
	for i := 0; i < len(s); i++ {
		if at, ok := seen[s[i]]; ok && at >= start {
			start = at + 1
		}
		seen[s[i]] = i
		if i-start+1 > len(best) {
			best = s[start : i+1]
		}
	}
	return
}

func firstNonRepeating(s string) (rune, bool) {
	counts := map[rune]int{}
	for _, r := range s {
		counts[r]++
	}
	for _, r := range s {
		if counts[r] == 1 {
			return r, true
		}
	}
	return 0, false
}

func main() {
	fmt.Println(groupAnagrams([]string{"eat", "tea", "tan", "ate", "nat", "bat"}))
	fmt.Println(SortString("wörld"), SortString("listen") == SortString("silent"))
	enc := caesar("Hello, World! xyz", 3)
	fmt.Println(enc, "|", caesar(enc, -3), "|", caesar("abc", 52+1))
	v := vigenere("ATTACK AT DAWN", "LEMON", 1)
	fmt.Println(v, "|", vigenere(v, "LEMON", -1))
	fmt.Println(rle("aaabccdddd"), rle("ééx"), rle("") == "")
	fmt.Println(longestUnique("abcabcbb"), longestUnique("pwwkew"), longestUnique("") == "")
	r, ok := firstNonRepeating("swiss")
	fmt.Printf("%c %v\n", r, ok)
	r, ok = firstNonRepeating("aa")
	fmt.Printf("%q %v\n", r, ok)
}
