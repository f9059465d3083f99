// How programs end: with an argument, ends in that way; without one, runs itself for each way, and prints the name,
// the exit status, the output, and the message up to the first stack as a line of JSON.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

type Color int

func (c Color) String() string { return "color!" }

type Plain int
type Text string
type Ratio float64
type Point struct{ X, Y int }
type MyErr struct{ Code int }

func (e *MyErr) Error() string { return fmt.Sprintf("code %d\nsecond line", e.Code) }

var zero = 0
var names = []string{}

// A line about a stack overflow, which differs from run to run.
var addresses = regexp.MustCompile(`(?m)^runtime: sp=.*\n`)

var ways = map[string]func(){}

func way(name string, f func()) {
	names = append(names, name)
	ways[name] = f
}

func rec(n int) int {
	if n == 0 {
		return 0
	}
	return rec(n-1) + 1
}

func forever(n int) int { return forever(n+1) + 1 }

func main() {
	way("return", func() { fmt.Println("fine") })
	way("string", func() { fmt.Println("before"); panic("boom\nnext") })
	way("int", func() { panic(42) })
	way("negative", func() { panic(int8(-3)) })
	way("float", func() { panic(1.5) })
	way("bool", func() { panic(true) })
	way("complex", func() { panic(complex(1, -2)) })
	way("error", func() { panic(errors.New("bad thing")) })
	way("myerr", func() { panic(&MyErr{3}) })
	way("stringer", func() { panic(Color(3)) })
	way("plain", func() { panic(Plain(3)) })
	way("text", func() { panic(Text("t")) })
	way("ratio", func() { panic(Ratio(2)) })
	way("nil", func() { panic(nil) })
	way("index", func() { s := []int{1}; fmt.Println(s[zero+5]) })
	way("divide", func() { fmt.Println(1 / zero) })
	way("nilmap", func() { var m map[string]int; m["a"] = 1 })
	way("nilptr", func() { var p *Point; fmt.Println(p.X) })
	way("assert", func() { var e any = "s"; fmt.Println(e.(int)) })
	way("close", func() { c := make(chan int); close(c); close(c) })
	way("goroutine", func() {
		go func() { panic("in goroutine") }()
		time.Sleep(time.Second)
		fmt.Println("not reached")
	})
	way("deadlock", func() { fmt.Println("x"); c := make(chan int); <-c })
	way("deadlockwg", func() { var wg sync.WaitGroup; wg.Add(1); wg.Wait() })
	way("selectforever", func() { select {} })
	way("unlock", func() {
		defer func() { fmt.Println(recover()) }()
		var mu sync.Mutex
		mu.Unlock()
	})
	way("negativewg", func() {
		defer func() { fmt.Println("recovered", recover()) }()
		var wg sync.WaitGroup
		wg.Done()
	})
	way("exit3", func() { defer fmt.Println("not run"); fmt.Print("out"); os.Exit(3) })
	way("exit0", func() { go fmt.Println("no"); os.Exit(0) })
	way("exitgoroutine", func() { go os.Exit(4); time.Sleep(time.Second); fmt.Println("no") })
	way("repanic", func() {
		defer func() {
			r := recover()
			fmt.Println("got", r)
			panic(fmt.Sprint("re-", r))
		}()
		panic("first")
	})
	way("panicindefer", func() {
		defer func() { panic("second") }()
		panic("first")
	})
	way("same", func() {
		defer func() {
			r := recover()
			panic(r)
		}()
		panic("first")
	})
	way("defers", func() {
		defer fmt.Println("deferred 1")
		defer fmt.Println("deferred 2")
		panic("x")
	})
	way("deep", func() { fmt.Println(rec(100000)) })
	way("overflow", func() { forever(0) })
	way("stderr", func() {
		fmt.Fprintln(os.Stderr, "to stderr")
		fmt.Fprint(os.Stdout, "to ", "stdout\n")
		os.Stdout.WriteString("bytes \xff\n")
		os.Stdout.Write([]byte{65, 10})
		println("builtin", 1, true)
	})
	way("mainreturns", func() { go func() { defer fmt.Println("not run"); select {} }(); time.Sleep(time.Millisecond) })
	if len(os.Args) > 1 {
		ways[os.Args[1]]()
		return
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, name := range names {
		cmd := exec.Command(os.Args[0], name)
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		cmd.Run()
		message, _, _ := strings.Cut(stderr.String(), "\ngoroutine ")
		message, _, _ = strings.Cut(message, "\n\nruntime stack:")
		message = addresses.ReplaceAllString(message, "")
		var latin []rune
		for _, b := range stdout.Bytes() {
			latin = append(latin, rune(b))
		}
		out.Encode([]any{name, cmd.ProcessState.ExitCode(), string(latin), message})
	}
}
