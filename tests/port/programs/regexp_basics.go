package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

func main() {
	match, _ := regexp.MatchString("p([a-z]+)ch", "peach")
	fmt.Println(match)
	r, _ := regexp.Compile("p([a-z]+)ch")
	fmt.Println(r.MatchString("peach"))
	fmt.Println(r.FindString("peach punch"))
	fmt.Println("idx:", r.FindStringIndex("peach punch"))
	fmt.Println(r.FindStringSubmatch("peach punch"))
	fmt.Println(r.FindStringSubmatchIndex("peach punch"))
	fmt.Println(r.FindAllString("peach punch pinch", -1))
	fmt.Println("all:", r.FindAllStringSubmatchIndex("peach punch pinch", -1))
	fmt.Println(r.FindAllString("peach punch pinch", 2))
	fmt.Println(r.Match([]byte("peach")))
	r = regexp.MustCompile("p([a-z]+)ch")
	fmt.Println("regexp:", r)
	fmt.Println(r.ReplaceAllString("a peach", "<fruit>"), r.ReplaceAllString("a peach", "<$1>"), r.ReplaceAllString("peach", "${1}x"))
	fmt.Println(string(r.ReplaceAllFunc([]byte("a peach"), bytes.ToUpper)))
	fmt.Println(r.ReplaceAllStringFunc("peach and pinch", strings.ToUpper))

	date := regexp.MustCompile(`(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})`)
	m := date.FindStringSubmatch("on 2024-05-17, later")
	for i, name := range date.SubexpNames() {
		if name != "" {
			fmt.Printf("%s=%s ", name, m[i])
		}
	}
	fmt.Println(date.NumSubexp(), date.SubexpIndex("month"))
	fmt.Println(date.ReplaceAllString("2024-05-17", "$day/$month/$year"))
	fmt.Printf("%q\n", regexp.MustCompile(`\s*[,;]\s*`).Split("a , b;c ,d", -1))
	email := regexp.MustCompile(`^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}$`)
	for _, e := range []string{"user@example.com", "bad@", "x.y+z@sub.domain.org"} {
		fmt.Println(e, email.MatchString(e))
	}
	fmt.Println(r.FindStringSubmatch("nothing") == nil, r.FindString("nothing") == "")
	_, err := regexp.Compile("a(b")
	fmt.Println(err)
	fmt.Println(regexp.QuoteMeta("1+1=2?"), regexp.MustCompile(`(?i)hello`).MatchString("HeLLo"))
	words := regexp.MustCompile(`\w+`)
	count := map[string]int{}
	for _, w := range words.FindAllString("the cat the dog the end", -1) {
		count[w]++
	}
	fmt.Println(count)
	pair := regexp.MustCompile(`(\d+)-(?P<word>[a-zé]+)`)
	src := []byte("7-zé 22-bb")
	var out []byte
	for _, at := range pair.FindAllSubmatchIndex(src, -1) {
		out = pair.Expand(out, []byte("${word}=$1;"), src, at)
	}
	fmt.Println(string(out), string(pair.ExpandString(nil, "$word$$", "1-a", pair.FindStringSubmatchIndex("1-a"))))
}
