package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

// How many lines a member may be behind, how many bytes a line may
// have, and how long to wait at the end.
const (
	behind  = 1000
	longest = 1000
	grace   = 5 * time.Second
)

type Member struct {
	name  string
	conn  net.Conn
	lines chan string
}

type joining struct {
	member  *Member
	welcome chan bool
}

type saying struct {
	member *Member
	line   string
}

// The ways into the room; over is closed when the host has ended.
type Room struct {
	join  chan joining
	say   chan saying
	leave chan *Member
	over  chan struct{}
}

// Own the members, until quit is done.
func host(room Room, quit context.Context) {
	defer close(room.over)
	members := map[string]*Member{}

	var tellAll func(line string)
	remove := func(member *Member) {
		if members[member.name] == member {
			delete(members, member.name)
			close(member.lines)
			tellAll("* " + member.name + " has left")
		}
	}
	tellAll = func(line string) {
		for _, member := range members {
			if members[member.name] != member {
				continue // removed in the meantime
			}
			select {
			case member.lines <- line:
			default:
				member.conn.Close() // ends its reads and writes
				remove(member)
			}
		}
	}

	for {
		select {
		case j := <-room.join:
			taken := members[j.member.name] != nil
			j.welcome <- !taken
			if !taken {
				members[j.member.name] = j.member
				tellAll(fmt.Sprintf("* %s has joined, %d here",
					j.member.name, len(members)))
			}
		case s := <-room.say:
			tellAll(s.member.name + ": " + s.line)
		case member := <-room.leave:
			remove(member)
		case <-quit.Done():
			tellAll("* the server goes down, goodbye")
			for _, member := range members {
				close(member.lines)
			}
			return
		}
	}
}

// Serve one client, from its name to its last line.
func serve(room Room, quit context.Context, conn net.Conn) {
	defer conn.Close()
	fmt.Fprintln(conn, "your name?")
	lines := bufio.NewReaderSize(conn, longest)
	// Who has no name yet is not told goodbye.
	stop := context.AfterFunc(quit, func() { conn.Close() })
	name, ok := readLine(lines)
	if name == "" || !ok || !stop() {
		return
	}
	member := &Member{name, conn, make(chan string, behind)}
	welcome := make(chan bool, 1)
	select {
	case room.join <- joining{member, welcome}:
	case <-room.over:
		return
	}
	if !<-welcome {
		fmt.Fprintln(conn, "* that name is taken")
		return
	}
	written := make(chan struct{})
	go writeLines(member, written)
	for {
		line, ok := readLine(lines)
		if !ok {
			break
		}
		if line != "" {
			select {
			case room.say <- saying{member, line}:
			case <-room.over:
			}
		}
	}
	select {
	case room.leave <- member:
	case <-room.over:
	}
	<-written
}

// Read a line; false if there are no more, or it is too long.
func readLine(lines *bufio.Reader) (string, bool) {
	line, err := lines.ReadSlice('\n')
	return strings.TrimSpace(string(line)), err == nil
}

// Write a member's lines until its channel is closed and empty,
// and then close its connection.
func writeLines(member *Member, written chan struct{}) {
	defer close(written)
	defer member.conn.Close()
	out := bufio.NewWriter(member.conn)
	for line := range member.lines {
		fmt.Fprintln(out, line)
		if len(member.lines) == 0 {
			out.Flush()
		}
	}
	out.Flush()
}

func main() {
	address := flag.String("address", "localhost:4000", "")
	flag.Parse()
	room := Room{make(chan joining), make(chan saying),
		make(chan *Member), make(chan struct{})}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	quit, stop := signal.NotifyContext(context.Background(),
		syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	fmt.Println("listening on", listener.Addr())
	go host(room, quit)
	context.AfterFunc(quit, func() { listener.Close() })
	var handlers sync.WaitGroup
	for {
		conn, err := listener.Accept()
		if err != nil {
			break
		}
		handlers.Go(func() { serve(room, quit, conn) })
	}
	finished := make(chan struct{})
	go func() {
		handlers.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-time.After(grace):
	}
	fmt.Println("everybody has gone")
}
