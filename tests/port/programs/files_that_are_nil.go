package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Methods of a nil *os.File return an error; a channel of signals takes any type that is one.

type order int

func (order) Signal()        {}
func (o order) String() string { return fmt.Sprint("order ", int(o)) }

func size(path string) (int64, error) {
	f, err := os.Open(path)
	defer f.Close()
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	return info.Size(), err
}

func names(path string) {
	dir, err := os.Open(path)
	if err == nil {
		defer dir.Close()
	}
	found, err := dir.Readdirnames(-1)
	fmt.Println(len(found), err)
}

func main() {
	_, err := size("/nonexistent/x")
	fmt.Println(err)
	_, err = size("/")
	fmt.Println(err)
	names("/nonexistent/x")
	f, _ := os.Open("/nonexistent/x")
	fmt.Println(f.Close(), f == nil)
	n, err := f.Read(make([]byte, 3))
	fmt.Println(n, err)
	n, err = f.WriteString("x")
	fmt.Println(n, err, errors.Is(err, os.ErrInvalid))
	n, err = f.Write(nil)
	fmt.Println(n, err)
	_, err = f.Stat()
	fmt.Println(err, f.Sync(), f.Truncate(4), f.Chmod(0))
	at, err := f.Seek(1, io.SeekStart)
	fmt.Println(at, err)
	_, err = f.ReadAt(nil, 4)
	fmt.Println(err)

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	signals <- order(3)
	fmt.Println(<-signals)
	signals <- syscall.SIGTERM
	fmt.Println(<-signals)
	defer func() { fmt.Println(recover()) }()
	fmt.Println(f.Name())
}
