package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

func output() {
	out, err := exec.Command("echo", "hello", "world").Output()
	fmt.Printf("%q %v\n", out, err)

	out, err = exec.Command("sh", "-c", "echo to stdout; echo to stderr >&2; exit 3").Output()
	fmt.Printf("%q %v\n", out, err)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		fmt.Printf("%d %q %v %v %s\n", exit.ExitCode(), exit.Stderr, exit.Success(), exit.Exited(), exit.ProcessState)
		fmt.Println(exit.Pid() > 0, exit.ProcessState.ExitCode(), exit.String())
		if status, ok := exit.Sys().(syscall.WaitStatus); ok {
			fmt.Println(status.ExitStatus(), status.Exited(), status.Signaled())
		}
	}
	both, err := exec.Command("sh", "-c", "echo one; echo two >&2; echo three").CombinedOutput()
	fmt.Printf("%s%v\n", both, err)
	out, err = exec.Command("sh", "-c", "head -c 70000 /dev/zero | tr '\\0' x >&2; exit 1").Output()
	if errors.As(err, &exit) {
		fmt.Println(len(out), len(exit.Stderr), bytes.Contains(exit.Stderr, []byte("omitting 4464 bytes")))
	}
	err = exec.Command("false").Run()
	if exit, ok := err.(*exec.ExitError); ok {
		fmt.Println(exit, exit.ExitCode(), len(exit.Stderr))
	}
	fmt.Println(exec.Command("true").Run())
}

func streams() {
	cmd := exec.Command("tr", "a-z", "A-Z")
	cmd.Stdin = strings.NewReader("some input\n")
	var out bytes.Buffer
	cmd.Stdout = &out
	fmt.Println(cmd.Run(), out.String(), cmd.ProcessState, cmd.ProcessState.Success(), cmd.Process.Pid > 0)

	// Both go to the same writer.
	var text strings.Builder
	cmd = exec.Command("sh", "-c", "echo a; echo b >&2")
	cmd.Stdout, cmd.Stderr = &text, &text
	fmt.Println(cmd.Run(), strings.Count(text.String(), "\n"))

	// The child prints in between.
	fmt.Println("parent before")
	cmd = exec.Command("echo", "child")
	cmd.Stdout = os.Stdout
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("parent after")

	// More than a pipe holds, which nobody reads.
	cmd = exec.Command("true")
	cmd.Stdin = strings.NewReader(strings.Repeat("x", 1<<20))
	fmt.Println(cmd.Run())
	cmd = exec.Command("wc", "-c")
	cmd.Stdin = strings.NewReader(strings.Repeat("y", 1<<20))
	size, err := cmd.Output()
	fmt.Println(strings.TrimSpace(string(size)), err)
}

func pipes() {
	cmd := exec.Command("cat", "-n")
	in, err := cmd.StdinPipe()
	if err != nil {
		log.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cmd.Start())
	go func() {
		defer in.Close()
		for i := range 3 {
			fmt.Fprintf(in, "line %d\n", i)
		}
	}()
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		fmt.Println(strings.TrimSpace(scanner.Text()))
	}
	fmt.Println(scanner.Err(), cmd.Wait())
	_, err = out.Read(make([]byte, 1))
	fmt.Println(err, cmd.Wait(), cmd.Start())

	// One program's output is the other's input.
	first := exec.Command("printf", "b\\nc\\na\\n")
	second := exec.Command("sort")
	second.Stdin, _ = first.StdoutPipe()
	var sorted bytes.Buffer
	second.Stdout = &sorted
	fmt.Println(second.Start(), first.Run(), second.Wait())
	fmt.Printf("%q\n", sorted.String())

	failing := exec.Command("sh", "-c", "echo oops >&2; exit 2")
	stderr, _ := failing.StderrPipe()
	failing.Start()
	said, _ := io.ReadAll(stderr)
	fmt.Printf("%q %v\n", said, failing.Wait())
	_, err = failing.StdoutPipe()
	fmt.Println(err)
	_, err = failing.StderrPipe()
	fmt.Println(err)
	r, w, _ := os.Pipe()
	echo := exec.Command("echo", "through a pipe")
	echo.Stdout = w
	fmt.Println(echo.Start())
	w.Close()
	all, err := io.ReadAll(r)
	fmt.Printf("%q %v %v\n", all, err, echo.Wait())
}

func environment(dir string) {
	cmd := exec.Command("sh", "-c", "echo $NAME; pwd; echo $PWD; echo ${HOME-unset}")
	cmd.Env = []string{"NAME=first", "NAME=last", "PATH=" + os.Getenv("PATH")}
	cmd.Dir = dir
	out, err := cmd.Output()
	fmt.Println(strings.ReplaceAll(string(out), dir, "DIR"), err)
	cmd = exec.Command("sh", "-c", "echo $NAME $PWD")
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "NAME=added")
	out, err = cmd.Output()
	fmt.Println(strings.ReplaceAll(string(out), dir, "DIR"), err)
	os.Setenv("INHERITED", "yes")
	out, _ = exec.Command("sh", "-c", "echo $INHERITED").Output()
	fmt.Printf("%s", out)
}

func faults(dir string) {
	_, err := exec.LookPath("no-such-program")
	fmt.Println(err, errors.Is(err, exec.ErrNotFound))
	var lookup *exec.Error
	fmt.Println(errors.As(err, &lookup), lookup.Name, lookup.Err)
	path, err := exec.LookPath("sh")
	fmt.Println(filepath.Base(path), err, filepath.IsAbs(path))
	_, err = exec.LookPath(dir + "/none")
	fmt.Println(strings.ReplaceAll(err.Error(), dir, "DIR"), errors.Is(err, os.ErrNotExist))

	cmd := exec.Command("no-such-program", "arg")
	fmt.Println(cmd, cmd.Err != nil, cmd.Run(), cmd.Process == nil)
	out, err := exec.Command("no-such-program").Output()
	fmt.Println(len(out), err)
	err = exec.Command(dir+"/none", "arg").Run()
	fmt.Println(strings.ReplaceAll(err.Error(), dir, "DIR"), errors.Is(err, os.ErrNotExist))
	os.WriteFile(dir+"/plain", []byte("text"), 0o644)
	err = exec.Command(dir + "/plain").Run()
	fmt.Println(strings.ReplaceAll(err.Error(), dir, "DIR"), errors.Is(err, os.ErrPermission))
	cmd = exec.Command("true")
	cmd.Dir = dir + "/none"
	err = cmd.Run()
	fmt.Println(strings.ReplaceAll(err.Error(), dir, "DIR"))
	var pathError *os.PathError
	fmt.Println(errors.As(err, &pathError), pathError.Op)
	cmd = exec.Command("true")
	fmt.Println(cmd.Wait())
	cmd.Stdout = &bytes.Buffer{}
	_, err = cmd.Output()
	fmt.Println(err)
	_, err = cmd.CombinedOutput()
	fmt.Println(err)
	_, err = cmd.StdoutPipe()
	fmt.Println(err)
	fmt.Println((&exec.Cmd{}).Run())
	fmt.Println((&exec.Cmd{Path: "/bin/sh", Args: []string{"sh", "-c", "exit 4"}}).Run())
	fmt.Println(exec.Command("/bin/echo", "a", "b c").String(), exec.Command("x/y", "z").Args)
}

func signals() {
	cmd := exec.Command("sleep", "60")
	cmd.Start()
	fmt.Println(cmd.Process.Kill(), cmd.Wait())
	fmt.Println(cmd.ProcessState.ExitCode(), cmd.ProcessState.Exited(), cmd.ProcessState)
	fmt.Println(cmd.Process.Kill(), errors.Is(cmd.Process.Signal(os.Interrupt), os.ErrProcessDone))
	cmd = exec.Command("sleep", "60")
	cmd.Start()
	fmt.Println(cmd.Process.Signal(syscall.SIGTERM))
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status := exit.Sys().(syscall.WaitStatus)
		fmt.Println(err, status.Signaled(), status.Signal(), status.ExitStatus())
	}
	p, err := os.FindProcess(os.Getpid())
	fmt.Println(p.Pid == os.Getpid(), err, p.Signal(syscall.Signal(0)))
	_, err = p.Wait()
	fmt.Println(err)
	child := exec.Command("true")
	child.Start()
	state, err := child.Process.Wait()
	fmt.Println(state, err, state.Pid() == child.Process.Pid)
	other := exec.Command("true")
	other.Start()
	fmt.Println(other.Process.Release())
}

func contexts() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	err := exec.CommandContext(ctx, "sleep", "60").Run()
	fmt.Println(err, ctx.Err())
	fmt.Println(exec.CommandContext(ctx, "true").Run())

	ctx, cancel = context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "sh", "-c", "trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done")
	cmd.Cancel = func() error {
		fmt.Println("canceling")
		return cmd.Process.Signal(syscall.SIGTERM)
	}
	out, _ := cmd.StdoutPipe()
	cmd.Start()
	line, _ := bufio.NewReader(out).ReadString('\n')
	fmt.Printf("%q\n", line)
	cancel()
	fmt.Println(cmd.Wait())
	ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	done, err := exec.CommandContext(ctx, "echo", "in time").Output()
	fmt.Printf("%q %v\n", done, err)
}

// While one goroutine waits for a program, the others run.
func together() {
	var wg sync.WaitGroup
	results := make([]string, 4)
	gate := make(chan bool)
	for i := range results {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if i == 0 {
				// It ends when another goroutine has closed its input.
				cmd := exec.Command("cat")
				in, _ := cmd.StdinPipe()
				go func() {
					<-gate
					in.Close()
				}()
				fmt.Println(cmd.Run())
				return
			}
			out, err := exec.Command("echo", fmt.Sprint(i)).Output()
			if err != nil {
				log.Fatal(err)
			}
			results[i] = strings.TrimSpace(string(out))
			if i == 3 {
				close(gate)
			}
		}()
	}
	wg.Wait()
	fmt.Println(results)
}

func main() {
	dir, err := os.MkdirTemp("", "exec")
	if err != nil {
		log.Fatal(err)
	}
	dir, _ = filepath.EvalSymlinks(dir)
	defer os.RemoveAll(dir)
	output()
	streams()
	pipes()
	environment(dir)
	faults(dir)
	signals()
	contexts()
	together()
	exec.Command("sh", "-c", "exit 5").Run()
	if err := exec.Command("sh", "-c", "exit 7").Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			os.RemoveAll(dir) // os.Exit runs no deferred call
			os.Exit(exit.ExitCode())
		}
	}
}
