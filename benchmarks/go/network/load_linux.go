package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
	"unsafe"
)

// The client is one loop over epoll, with system calls that Go's scheduler doesn't see. It takes less time for
// a message than any server, so that the server is what is measured. It is also the proxy's backend, which
// sends back what it gets.

const (
	edgeTriggered = 1 << 31
	patience      = 20 * time.Second // with a server that doesn't do what it is to do
	batch         = 50               // connections that are opened at a time: a server's backlog may be no more
)

type kind int

const (
	exchanging kind = iota // sends messages, and gets them back
	accepting              // waits until the server closes it
	backing                // of the backend, which a proxy opened
	listening              // the backend's listener
)

type conn struct {
	fd     int
	kind   kind
	toSend int
	toRecv int
	check  bool // compare what comes back
	closed bool
}

type load struct {
	backend int // the backend's port
	epoll   int
	conns   map[int]*conn
	backed  int // how many connections the backend has
	held    []*conn
	buffer  []byte
	message []byte
	events  [256]syscall.EpollEvent

	// Of the request that is under way.
	request
	idle []*conn // that are open, and wait for their next message
	done int     // messages or connections
	busy int
	stop bool // start nothing new
}

func newLoad() (*load, error) {
	debug.SetGCPercent(-1)
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	l := &load{epoll: epoll, conns: map[int]*conn{}, buffer: make([]byte, 1<<18)}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if err := syscall.Bind(fd, address(0)); err != nil {
		return nil, err
	}
	if err := syscall.Listen(fd, 4096); err != nil {
		return nil, err
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		return nil, err
	}
	l.backend = name.(*syscall.SockaddrInet4).Port
	return l, l.add(&conn{fd: fd, kind: listening}, syscall.EPOLLIN)
}

func address(port int) *syscall.SockaddrInet4 {
	return &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}
}

func (l *load) answer(r request) (map[string]any, error) {
	// Between measurements, and only there.
	runtime.GC()
	answer, err := l.do(r)
	if err != nil {
		// Nothing of this server may disturb the next.
		l.held = nil
		for _, c := range l.conns {
			if c.kind != listening {
				l.drop(c)
			}
		}
	}
	return answer, err
}

func (l *load) do(r request) (map[string]any, error) {
	l.request, l.idle, l.done, l.busy, l.stop = r, nil, 0, 0, false
	switch r.Do {
	case "exchange":
		return l.exchange()
	case "accept":
		return l.accept()
	case "hold":
		conns, err := l.open()
		l.held = append(l.held, conns...)
		return map[string]any{"held": len(l.held)}, err
	case "release":
		conns := l.held
		l.held = nil
		return map[string]any{}, l.close(conns)
	}
	return nil, fmt.Errorf("%q is unknown", r.Do)
}

// exchange keeps a message under way on so many connections, and goes on to those that have waited longest.
func (l *load) exchange() (map[string]any, error) {
	conns, err := l.open()
	if err != nil {
		return nil, err
	}
	result, err := l.measure(func() error { return l.send(l.next()) })
	if err != nil {
		return nil, err
	}
	return result, l.close(conns)
}

// accept keeps so many connections under way, each of which the server closes as soon as it has it.
func (l *load) accept() (map[string]any, error) {
	return l.measure(func() error { return l.connect() })
}

// measure starts as many as are to be busy, and counts what is done until the seconds are over: one at least.
func (l *load) measure(start func() error) (map[string]any, error) {
	l.done = 0
	begun, used, theirs := time.Now(), processorTime(), l.serverTime()
	for range l.Busy {
		if err := start(); err != nil {
			return nil, err
		}
	}
	end := begun.Add(time.Duration(l.Seconds * 1e9))
	now := begun
	for now.Before(end) || l.done == 0 {
		if now.Sub(begun) > patience {
			return nil, fmt.Errorf("nothing was done in %v", patience)
		}
		if err := l.turn(); err != nil {
			return nil, err
		}
		now = time.Now()
	}
	took := time.Since(begun).Seconds() // more than 0, even if no time was asked for
	result := map[string]any{
		"seconds":     took,
		"n":           l.done,
		"client_busy": (processorTime() - used) / took,
		"server_busy": (l.serverTime() - theirs) / took,
	}
	l.stop = true
	return result, l.wait(func() bool { return l.busy == 0 })
}

// processorTime returns the seconds of it that the process has used.
func processorTime() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

// serverTime returns the seconds of processor time that the server has used, in all its threads.
func (l *load) serverTime() float64 {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", l.Pid))
	if err != nil {
		panic(err)
	}
	total := 0
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			var nanoseconds int
			fmt.Sscan(string(text), &nanoseconds)
			total += nanoseconds
		}
	}
	return float64(total) / 1e9
}

// open makes the connections, and exchanges a message on each: then the server has a handler for it.
func (l *load) open() ([]*conn, error) {
	l.message = make([]byte, l.Size)
	for i := range l.message {
		l.message[i] = byte(i % 251)
	}
	l.stop = true
	defer func() { l.stop = false }()
	var conns []*conn
	for len(conns) < l.Connections {
		for range min(batch, l.Connections-len(conns)) {
			fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
			if err != nil {
				return nil, err
			}
			if err := syscall.Connect(fd, address(l.Port)); err != nil {
				return nil, err
			}
			if err := syscall.SetNonblock(fd, true); err != nil {
				return nil, err
			}
			if err := syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1); err != nil {
				return nil, err
			}
			c := &conn{fd: fd, check: true}
			conns = append(conns, c)
			if err := l.add(c, syscall.EPOLLIN|syscall.EPOLLOUT|edgeTriggered); err != nil {
				return nil, err
			}
			if err := l.send(c); err != nil {
				return nil, err
			}
		}
		if err := l.wait(func() bool { return l.busy == 0 }); err != nil {
			return nil, err
		}
	}
	for _, c := range conns {
		c.check = false
	}
	return conns, nil
}

// close ends the connections, and waits for the proxy to end those to the backend.
func (l *load) close(conns []*conn) error {
	for _, c := range conns {
		l.drop(c)
	}
	return l.wait(func() bool { return l.backed == 0 })
}

func (l *load) wait(until func() bool) error {
	for begun := time.Now(); !until(); {
		if time.Since(begun) > patience {
			return fmt.Errorf("after %v, %d are still under way", patience, l.busy)
		}
		if err := l.turn(); err != nil {
			return err
		}
	}
	return nil
}

func (l *load) add(c *conn, events uint32) error {
	l.conns[c.fd] = c
	return syscall.EpollCtl(l.epoll, syscall.EPOLL_CTL_ADD, c.fd, &syscall.EpollEvent{Events: events, Fd: int32(c.fd)})
}

func (l *load) drop(c *conn) {
	if !c.closed {
		c.closed = true
		delete(l.conns, c.fd)
		syscall.Close(c.fd)
		if c.kind == backing {
			l.backed--
		}
	}
}

func (l *load) next() *conn {
	c := l.idle[0]
	l.idle = l.idle[1:]
	return c
}

// turn waits for events, and does what they ask for.
func (l *load) turn() error {
	n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(l.epoll),
		uintptr(unsafe.Pointer(&l.events[0])), uintptr(len(l.events)), uintptr(patience.Milliseconds()), 0, 0)
	if errno == syscall.EINTR {
		return nil
	}
	if errno != 0 {
		return errno
	}
	if n == 0 {
		return fmt.Errorf("no event in %v, with %d under way", patience, l.busy)
	}
	for _, event := range l.events[:n] {
		c := l.conns[int(event.Fd)]
		if c == nil {
			continue
		}
		if err := l.handle(c); err != nil {
			return err
		}
	}
	return nil
}

func (l *load) handle(c *conn) error {
	switch c.kind {
	case exchanging:
		return l.advance(c)
	case accepting:
		return l.ended(c)
	case backing:
		return l.back(c)
	default:
		return l.admit(c)
	}
}

// read and write are the system calls; again says that the socket isn't ready.
func read(fd int, p []byte) (n int, again bool, err error) {
	r, _, errno := syscall.RawSyscall(syscall.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	return result(r, errno)
}

func write(fd int, p []byte) (n int, again bool, err error) {
	r, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	return result(r, errno)
}

func result(r uintptr, errno syscall.Errno) (int, bool, error) {
	switch errno {
	case 0:
		return int(r), false, nil
	case syscall.EAGAIN, syscall.EINTR:
		return 0, true, nil
	}
	return 0, false, errno
}

// send begins the next message of the connection.
func (l *load) send(c *conn) error {
	l.busy++
	c.toSend, c.toRecv = len(l.message), len(l.message)
	return l.advance(c)
}

// advance sends and receives what can be, without waiting.
func (l *load) advance(c *conn) error {
	for c.toSend > 0 {
		n, again, err := write(c.fd, l.message[len(l.message)-c.toSend:])
		if err != nil {
			return err
		}
		if again {
			break
		}
		c.toSend -= n
	}
	for c.toRecv > 0 {
		n, again, err := read(c.fd, l.buffer)
		if err != nil {
			return err
		}
		if again {
			return nil
		}
		if n == 0 || n > c.toRecv {
			return fmt.Errorf("the server sent %d bytes where %d were to come back", n, c.toRecv)
		}
		if at := len(l.message) - c.toRecv; c.check && !bytes.Equal(l.buffer[:n], l.message[at:at+n]) {
			return errors.New("the server sent back other bytes than it got")
		}
		c.toRecv -= n
		if c.toRecv > 0 && n < len(l.buffer) {
			// Nothing more is there yet, and the next edge will tell.
			return nil
		}
		if c.toRecv == 0 {
			return l.finished(c)
		}
	}
	return nil
}

func (l *load) finished(c *conn) error {
	l.done++
	l.busy--
	if l.stop {
		l.idle = append(l.idle, c)
		return nil
	}
	if len(l.idle) == 0 {
		return l.send(c)
	}
	l.idle = append(l.idle, c)
	return l.send(l.next())
}

// connect begins a connection that the server is to close.
func (l *load) connect() error {
	l.busy++
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	// On the loopback device this doesn't wait for the server: the system completes the connection.
	if err := syscall.Connect(fd, address(l.Port)); err != nil {
		return err
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		return err
	}
	return l.add(&conn{fd: fd, kind: accepting}, syscall.EPOLLIN)
}

// ended closes a connection that the server has closed. It resets it, which leaves nothing in TIME_WAIT.
func (l *load) ended(c *conn) error {
	n, again, err := read(c.fd, l.buffer)
	if again {
		return nil
	}
	if err != nil || n != 0 {
		return fmt.Errorf("the server was to close the connection: %d bytes, %v", n, err)
	}
	if err := syscall.SetsockoptLinger(c.fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1}); err != nil {
		return err
	}
	l.drop(c)
	l.done++
	l.busy--
	if l.stop {
		return nil
	}
	return l.connect()
}

// admit accepts a connection of a proxy.
func (l *load) admit(listener *conn) error {
	fd, _, err := syscall.Accept4(listener.fd, syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return nil
	}
	if err != nil {
		return err
	}
	if err := syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1); err != nil {
		return err
	}
	l.backed++
	return l.add(&conn{fd: fd, kind: backing}, syscall.EPOLLIN)
}

// back sends back what the proxy sent. Messages are small enough for the socket's buffer.
func (l *load) back(c *conn) error {
	n, again, err := read(c.fd, l.buffer)
	if again {
		return nil
	}
	if n == 0 || err != nil {
		l.drop(c)
		return nil
	}
	if sent, _, err := write(c.fd, l.buffer[:n]); err != nil || sent < n {
		return fmt.Errorf("backend: %d of %d bytes sent to the proxy: %v", sent, n, err)
	}
	return nil
}
