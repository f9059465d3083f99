package main

import (
	"bufio"
	"fmt"
	"net"
)

func main() {
	addr, err := net.ResolveUDPAddr("udp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server, err := net.ListenUDP("udp", addr)
	if err != nil {
		panic(err)
	}
	done := make(chan bool)
	go func() {
		buf := make([]byte, 100)
		n, from, err := server.ReadFromUDP(buf)
		fmt.Println("server got", string(buf[:n]), err)
		server.WriteToUDP([]byte("pong"), from)
		done <- true
	}()
	conn, err := net.DialUDP("udp", nil, server.LocalAddr().(*net.UDPAddr))
	if err != nil {
		panic(err)
	}
	conn.Write([]byte("ping"))
	buf := make([]byte, 100)
	n, err := conn.Read(buf)
	fmt.Println("client got", string(buf[:n]), err)
	<-done
	_, err = net.DialUDP("udp", nil, nil)
	fmt.Println(err)
	_, err = net.DialTCP("udp", nil, nil)
	fmt.Println(err)
	ta, _ := net.ResolveTCPAddr("tcp", "127.0.0.1:0")
	l, err := net.ListenTCP("tcp", ta)
	if err != nil {
		panic(err)
	}
	go func() {
		c, err := l.AcceptTCP()
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(c, "hello")
		c.Close()
		done <- true
	}()
	tc, err := net.DialTCP("tcp", nil, l.Addr().(*net.TCPAddr))
	if err != nil {
		panic(err)
	}
	line, err := bufio.NewReader(tc).ReadString('\n')
	fmt.Printf("%q %v\n", line, err)
	<-done
	l.Close()
	_, err = l.Accept()
	fmt.Println(err != nil)
}
