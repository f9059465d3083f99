// encoding/binary: structs, numbers and slices in both byte orders.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

type Kind uint8

func (k Kind) String() string { return [...]string{"none", "ping", "pong"}[k] }

type Point struct{ X, Y int16 }

type Header struct {
	Magic   [4]byte
	Version uint16
	Kind    Kind
	Urgent  bool
	Size    int32
	Ratio   float32
	Corners [2]Point
	Sum     complex64
}

type Named struct {
	ID   uint32
	Name string
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func send(w io.Writer, order binary.ByteOrder, values ...any) error {
	for _, v := range values {
		if err := binary.Write(w, order, v); err != nil {
			return fmt.Errorf("send: %w", err)
		}
	}
	return nil
}

func main() {
	h := Header{[4]byte{'G', 'O', 'P', 'H'}, 2, 1, true, -5, 1.5, [2]Point{{1, -2}, {3, 4}}, complex(1, -1)}
	var buf bytes.Buffer
	fmt.Println(binary.Write(&buf, binary.LittleEndian, h), buf.Len(), binary.Size(h))
	fmt.Printf("% x\n", buf.Bytes())
	var got Header
	fmt.Println(binary.Read(&buf, binary.LittleEndian, &got), got == h, got.Kind, string(got.Magic[:]))
	got.Corners[0].X = 9
	fmt.Println(h.Corners[0].X, got.Corners)

	fmt.Println(send(&buf, binary.BigEndian, uint32(0xdeadbeef), int8(-1), &h.Size, []uint16{1, 2}, math.Pi, true, [2]Kind{1, 2}))
	fmt.Printf("% x\n", buf.Bytes())
	var (
		u     uint32
		i     int8
		size  int32
		pair  = make([]uint16, 2)
		pi    float64
		ok    bool
		kinds [2]Kind
	)
	for _, to := range []any{&u, &i, &size, pair, &pi, &ok, &kinds} {
		if err := binary.Read(&buf, binary.BigEndian, to); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Printf("%x %d %d %v %v %v %v\n", u, i, size, pair, pi, ok, kinds)

	fmt.Println(binary.Read(&buf, binary.BigEndian, &u), u == 0xdeadbeef)
	err := binary.Read(strings.NewReader("ab"), binary.BigEndian, &u)
	fmt.Println(err, err == io.ErrUnexpectedEOF)
	fmt.Println(send(broken{}, binary.BigEndian, uint8(1)))
	for _, v := range []any{1, "text", Named{1, "a"}, &Named{}, []int{1}, map[string]int{}, uint(3)} {
		fmt.Println(binary.Write(&buf, binary.LittleEndian, v), binary.Size(v))
	}
	fmt.Println(binary.Size([]Point{{}, {}, {}}), binary.Size(&h), binary.Size(uint64(1)), binary.Size([]byte("abc")))
	n := 0
	fmt.Println(binary.Read(strings.NewReader("12345678"), binary.LittleEndian, &n), n)
	fmt.Println(binary.Read(strings.NewReader("12345678"), binary.LittleEndian, u))
	var order binary.ByteOrder = binary.BigEndian
	fmt.Println(order, order.Uint16([]byte{1, 2}))
	fmt.Printf("%.6f %v %.4e %v %v\n", math.Gamma(0.5), math.Gamma(5), math.Gamma(150.5), math.Gamma(-2), math.Gamma(-40.5))
}
