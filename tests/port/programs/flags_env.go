package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

type listFlag []string

func (l *listFlag) String() string     { return strings.Join(*l, ",") }
func (l *listFlag) Set(s string) error { *l = append(*l, s); return nil }

func run(args []string) error {
	fs := flag.NewFlagSet("tool", flag.ContinueOnError)
	fs.SetOutput(os.Stdout)
	word := fs.String("word", "foo", "a string")
	numb := fs.Int("numb", 42, "an int")
	fork := fs.Bool("fork", false, "a bool")
	wait := fs.Duration("wait", time.Second, "how long to `wait`")
	var rate float64
	fs.Float64Var(&rate, "rate", 0.5, "a float")
	var tags listFlag
	fs.Var(&tags, "tag", "a tag; may be repeated")
	if err := fs.Parse(args); err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	fmt.Println(*word, *numb, *fork, *wait, rate, tags, fs.Args(), fs.NArg(), fs.NFlag())
	return nil
}

func main() {
	for _, line := range []string{
		"",
		"-word=opt -numb=7 -fork -rate 2.5 a1 a2",
		"--word=x -tag a -tag b -wait 1m30s -- -fork",
		"-numb=wat",
		"-unknown",
		"-fork=false -numb 0x10 rest",
		"-h",
	} {
		if err := run(strings.Fields(line)); err != nil {
			fmt.Println(err, errors.Is(err, flag.ErrHelp))
		}
	}
	os.Setenv("PORT_TEST_FOO", "1")
	fmt.Println("FOO:", os.Getenv("PORT_TEST_FOO"), "BAR:", os.Getenv("PORT_TEST_BAR"))
	if v, ok := os.LookupEnv("PORT_TEST_BAR"); !ok {
		fmt.Printf("not set: %q\n", v)
	}
	fmt.Println(os.ExpandEnv("$PORT_TEST_FOO-${PORT_TEST_BAR}-x"), len(os.Args) > 0)
	_, err := os.ReadFile("/does/not/exist")
	fmt.Println(err)
	dir := os.TempDir()
	f, err := os.CreateTemp(dir, "port-*.txt")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Fprintf(f, "line %d\nline %d\n", 1, 2)
	f.Close()
	data, err := os.ReadFile(f.Name())
	fmt.Printf("%q %v\n", data, err)
	os.WriteFile(f.Name(), []byte("rewritten"), 0o644)
	data, _ = os.ReadFile(f.Name())
	fmt.Println(string(data), strings.HasSuffix(f.Name(), ".txt"))
	os.Remove(f.Name()) // os.Exit runs no deferred call
	defer fmt.Println("not printed: os.Exit runs no deferred calls")
	os.Exit(4)
}
