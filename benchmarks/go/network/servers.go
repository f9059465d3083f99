package main

import (
	"net"
	"runtime"
)

// bufferSize is how much all servers read at a time.
const bufferSize = 65536

// serve starts the services, each on a port of its own, and returns what the process says of itself.
func serve(backend string) map[string]any {
	ports := map[string]int{
		"echo":   start(echo),
		"proxy":  start(func(client net.Conn) { proxy(client, backend) }),
		"accept": start(func(conn net.Conn) { conn.Close() }),
	}
	return map[string]any{
		"version": runtime.Version()[2:], "ports": ports, "notes": map[string]string{}, "absent": map[string]string{},
	}
}

// start accepts connections, each in a goroutine of its own; it returns the port.
func start(handle func(net.Conn)) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				panic(err)
			}
			go handle(conn)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

func echo(conn net.Conn) {
	defer conn.Close()
	pump(conn, conn)
}

// pump copies until the end or an error. io.Copy would use splice(2), which is slower for small messages.
func pump(to, from net.Conn) {
	buffer := make([]byte, bufferSize)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func proxy(client net.Conn, backend string) {
	defer client.Close()
	server, err := net.Dial("tcp", "127.0.0.1:"+backend)
	if err != nil {
		panic(err)
	}
	defer server.Close()
	go func() {
		pump(server, client)
		server.(*net.TCPConn).CloseWrite()
	}()
	pump(client, server)
}
