package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"strings"
	"time"
)

type Shape interface {
	Area() float64
}
type Circle struct{ R float64 }
type Rect struct{ W, H float64 }

func (c Circle) Area() float64 { return math.Pi * c.R * c.R }
func (r *Rect) Area() float64  { return r.W * r.H }

type Temp float64

func (t Temp) MarshalText() ([]byte, error) { return []byte(fmt.Sprintf("%.1fC", float64(t))), nil }

type In struct {
	N int64 `json:"n,string"`
}

type Event struct {
	At   time.Time        `json:"at"`
	Dur  time.Duration    `json:"dur"`
	T    Temp             `json:"t"`
	Opt  *int             `json:"opt,omitempty"`
	Skip string           `json:"-"`
	Num  json.Number      `json:"num"`
	N    int64            `json:"n,string"`
	Kids []In             `json:"kids,omitempty"`
	Fn   map[string]Shape `json:"fn,omitempty"`
}

type MyErr struct{ Code int }

func (e *MyErr) Error() string { return fmt.Sprintf("code %d", e.Code) }

func work(i int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("wrapped: %w", &MyErr{i})
		}
	}()
	var xs []int
	_ = xs[i]
	return nil
}

func serve(l net.Listener, done chan bool) {
	conn, err := l.Accept()
	if err != nil {
		fmt.Println("accept", err)
		return
	}
	defer conn.Close()
	sc := bufio.NewScanner(conn)
	for sc.Scan() {
		fmt.Fprintf(conn, "echo %s\n", strings.ToUpper(sc.Text()))
	}
	done <- true
}

func main() {
	one := 1
	e := Event{At: time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC), Dur: time.Minute, T: 36.6, Opt: &one, Skip: "x", Num: "12.50", N: 9, Kids: []In{{N: 1}}, Fn: map[string]Shape{"c": Circle{1}, "r": &Rect{2, 3}}}
	b, err := json.Marshal(e)
	fmt.Println(string(b), err)
	var f Event
	err = json.Unmarshal([]byte(`{"at":"2021-03-04T05:06:07.89+02:00","dur":1500,"num":3e2,"n":"77","opt":5,"kids":[{"n":"1"},{}]}`), &f)
	fmt.Println(err, f.At, f.Dur, f.Num, f.N, *f.Opt, len(f.Kids), f.Kids[0].N)
	err = json.Unmarshal([]byte(`{"at":"yesterday"}`), &f)
	fmt.Println(err)
	_, err = json.Marshal(map[string]any{"c": make(chan int)})
	fmt.Println(err)
	_, err = json.Marshal(math.NaN())
	fmt.Println(err)
	var buf bytes.Buffer
	json.Indent(&buf, []byte(`{"a":[1,2],"b":{}}`), "", "  ")
	fmt.Println(buf.String())
	buf.Reset()
	json.Compact(&buf, []byte(`{ "a" : [ 1 ] }`))
	fmt.Println(buf.String())
	for i := range 2 {
		err := work(i)
		var me *MyErr
		fmt.Println(errors.As(err, &me), me.Code, err)
	}
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	d := fs.Duration("d", time.Second, "wait")
	n := fs.Int("n", 3, "count")
	fmt.Println(fs.Parse([]string{"-d", "1m30s", "-n=4", "rest"}), *d, *n, fs.Args())
	fmt.Println(fs.Parse([]string{"-d", "zzz"}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	done := make(chan bool)
	go serve(l, done)
	c, err := net.Dial("tcp", l.Addr().String())
	fmt.Println(l.Addr().(*net.TCPAddr).Port > 0)
	fmt.Println(err)
	fmt.Fprintf(c, "hello\nworld\n")
	rd := bufio.NewReader(c)
	s1, _ := rd.ReadString('\n')
	s2, _ := rd.ReadString('\n')
	fmt.Printf("%q %q\n", s1, s2)
	c.Close()
	<-done
	l.Close()
	_, err = l.Accept()
	fmt.Println(errors.Is(err, net.ErrClosed))
	_, err = net.Dial("tcp", "127.0.0.1:1")
	fmt.Println(err != nil)
	var oe *net.OpError
	fmt.Println(errors.As(err, &oe))
	host, port, err := net.SplitHostPort("localhost:80")
	fmt.Println(host, port, err)
}
