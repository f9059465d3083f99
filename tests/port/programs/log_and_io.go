package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
)

type upper struct{ w io.Writer }

func (u upper) Write(p []byte) (int, error) {
	return u.w.Write(bytes.ToUpper(p))
}

type countingReader struct {
	r io.Reader
	n int
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func main() {
	log.SetFlags(0)
	log.SetOutput(os.Stdout)
	log.Println("standard logger", 1)
	log.SetPrefix("app: ")
	log.Printf("with prefix %d", 2)

	var buf bytes.Buffer
	l := log.New(&buf, "buf: ", log.Lmsgprefix)
	l.Println("hello")
	l.Print("no newline")
	fmt.Print("from buffer:\n", buf.String())
	log.New(upper{os.Stdout}, "", 0).Println("shouted")

	before := buf.String()
	buf.Reset()
	places := log.New(&buf, "", log.Lshortfile)
	places.Print()
	places.Println()
	log.SetFlags(log.Lshortfile)
	log.SetOutput(&buf)
	log.Print()
	places.Output(1, "")
	lines := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(buf.String()), "\n") {
		lines[line] = true
	}
	fmt.Println(len(lines))
	buf.Reset()
	buf.WriteString(before)

	cr := &countingReader{r: bytes.NewBufferString("0123456789")}
	data, err := io.ReadAll(io.LimitReader(cr, 6))
	fmt.Println(string(data), err, cr.n)
	n, err := io.Copy(io.MultiWriter(&buf, io.Discard), cr)
	fmt.Println(n, err, buf.Len())
	one := make([]byte, 4)
	_, err = io.ReadFull(bytes.NewReader([]byte("ab")), one)
	fmt.Println(err, errors.Is(err, io.ErrUnexpectedEOF), one)

	pr, pw := io.Pipe()
	go func() {
		for i := 0; i < 3; i++ {
			fmt.Fprintf(pw, "part %d;", i)
		}
		pw.Close()
	}()
	piped, _ := io.ReadAll(pr)
	fmt.Println(string(piped))

	defer fmt.Println("not printed: Fatal exits")
	log.Fatalf("fatal: %v", errors.New("disk full"))
}
