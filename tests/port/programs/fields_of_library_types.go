// Values of the library's types, not pointers to them: in variables and fields, before and after they are set.
package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand"
	"regexp"
	"strings"
	"time"
)

type tool struct {
	lines  bufio.Scanner
	rows   csv.Reader
	values json.Decoder
	random rand.Rand
	word   regexp.Regexp
	data   bytes.Reader
	zone   time.Location
}

func main() {
	var t tool
	t.lines = *bufio.NewScanner(strings.NewReader("a b\nc\n"))
	for t.lines.Scan() {
		fmt.Println(t.lines.Text())
	}
	t.rows = *csv.NewReader(strings.NewReader("x,y\n1,2\n"))
	rows, err := t.rows.ReadAll()
	fmt.Println(rows, err)
	t.values = *json.NewDecoder(strings.NewReader(`{"n": 3}`))
	var m map[string]int
	fmt.Println(t.values.Decode(&m), m)
	t.random = *rand.New(rand.NewSource(5))
	fmt.Println(t.random.Intn(100), t.random.Intn(100))
	t.word = *regexp.MustCompile(`\w+`)
	fmt.Println(t.word.FindAllString("one two", -1))
	t.data = *bytes.NewReader([]byte("xyz"))
	b, _ := t.data.ReadByte()
	fmt.Println(b, t.data.Len())
	at := time.Date(2024, time.March, 1, 12, 30, 0, 0, &t.zone)
	fmt.Println(at, at.Equal(time.Date(2024, time.March, 1, 12, 30, 0, 0, time.UTC)))
	fmt.Printf("%q %q\n", (&time.Location{}).String(), time.FixedZone("East", 3600).String())
}
