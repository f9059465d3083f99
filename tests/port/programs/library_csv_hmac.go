package main

import (
	"bytes"
	"crypto/hmac"
	crand "crypto/rand"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"strings"
)

func main() {
	for _, in := range []string{"a,b,c\n1,2,3\n", "name,\"x, y\"\n\"multi\nline\",\"q\"\"q\"\n", "a,b\n1\n", "a\"b,c\n", "\"a\"b,c\n", "\"unclosed\nx", "", "\n\na\n", "# c\nx,y\n", "a,b\r\nc,d\r\n", " a, \"b\"\n", "x,", "\"\"", "é,日\n\"é\"z\n"} {
		r := csv.NewReader(strings.NewReader(in))
		recs, err := r.ReadAll()
		fmt.Printf("%q %v %d\n", recs, err, len(recs))
		var pe *csv.ParseError
		if errors.As(err, &pe) {
			fmt.Println(pe.Line, pe.Column, pe.Err == csv.ErrQuote, errors.Is(err, csv.ErrFieldCount))
		}
		r = csv.NewReader(strings.NewReader(in))
		r.Comma = ';'
		r.Comment = '#'
		r.LazyQuotes = true
		r.TrimLeadingSpace = true
		r.FieldsPerRecord = -1
		for {
			rec, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				fmt.Println(err)
				break
			}
			fmt.Printf("%q;", rec)
		}
		fmt.Println()
	}
	w := csv.NewWriter(os.Stdout)
	w.Write([]string{"a", "b c", "d,e", "f\"g", "", " lead", "x\ny"})
	w.Flush()
	fmt.Println(w.Error())
	var buf bytes.Buffer
	w = csv.NewWriter(&buf)
	w.Comma = '\t'
	w.UseCRLF = true
	w.WriteAll([][]string{{"1", "2"}, {"t\tb", "n\nl"}})
	fmt.Printf("%q\n", buf.String())
	fmt.Println(html.EscapeString("<a href='x'>\"q\" & b</a>"), html.UnescapeString("&lt;&amp;&#39;&eacute;"))
	m := hmac.New(sha256.New, []byte("key"))
	m.Write([]byte("hello"))
	sum := m.Sum(nil)
	fmt.Println(hex.EncodeToString(sum), hmac.Equal(sum, sum))
	b := make([]byte, 8)
	n, err := crand.Read(b)
	fmt.Println(n, err)
}
