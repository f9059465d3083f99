package main

import (
	"fmt"
	"strings"
)

type BitSet struct {
	words []uint64
}

func (s *BitSet) Add(x int) {
	word, bit := x/64, uint(x%64)
	for word >= len(s.words) {
		s.words = append(s.words, 0)
	}
	s.words[word] |= 1 << bit
}

func (s *BitSet) Has(x int) bool {
	word, bit := x/64, uint(x%64)
	return word < len(s.words) && s.words[word]&(1<<bit) != 0
}

func (s *BitSet) UnionWith(t *BitSet) {
	for i, tword := range t.words {
		if i < len(s.words) {
			s.words[i] |= tword
		} else {
			s.words = append(s.words, tword)
		}
	}
}

func (s *BitSet) Len() (n int) {
	for _, w := range s.words {
		for ; w != 0; w &= w - 1 {
			n++
		}
	}
	return
}

func (s *BitSet) String() string {
	var parts []string
	for i, word := range s.words {
		for j := 0; j < 64; j++ {
			if word&(1<<uint(j)) != 0 {
				parts = append(parts, fmt.Sprint(64*i+j))
			}
		}
	}
	return "{" + strings.Join(parts, " ") + "}"
}

func single(nums []int) (x int) {
	for _, n := range nums {
		x ^= n
	}
	return
}

func reverseBits(n uint32) uint32 {
	n = n>>16 | n<<16
	n = n&0xff00ff00>>8 | n&0x00ff00ff<<8
	n = n&0xf0f0f0f0>>4 | n&0x0f0f0f0f<<4
	n = n&0xcccccccc>>2 | n&0x33333333<<2
	return n&0xaaaaaaaa>>1 | n&0x55555555<<1
}

func addWithoutPlus(a, b int) int {
	for b != 0 {
		a, b = a^b, (a&b)<<1
	}
	return a
}

type RGB uint32

func Pack(r, g, b uint8) RGB { return RGB(r)<<16 | RGB(g)<<8 | RGB(b) }
func (c RGB) Unpack() (r, g, b uint8) {
	return uint8(c >> 16), uint8(c >> 8), uint8(c)
}
func (c RGB) String() string { return fmt.Sprintf("#%06x", uint32(c)) }

func ipToInt(ip string) (out uint32) {
	var a, b, c, d byte
	fmt.Sscanf(ip, "%d.%d.%d.%d", &a, &b, &c, &d)
	for _, octet := range [...]byte{a, b, c, d} {
		out = out<<8 | uint32(octet)
	}
	return
}

func main() {
	var x, y BitSet
	for _, v := range []int{1, 144, 9} {
		x.Add(v)
	}
	y.Add(9)
	y.Add(42)
	fmt.Println(&x, y.String(), x.Len())
	x.UnionWith(&y)
	fmt.Println(&x, x.Has(9), x.Has(123), x.Len())
	fmt.Println(single([]int{4, 1, 2, 1, 2}))
	fmt.Printf("%032b %d\n", reverseBits(43261596), reverseBits(1))
	fmt.Println(addWithoutPlus(13, 29), addWithoutPlus(-5, 3), addWithoutPlus(-1, -1))
	c := Pack(255, 128, 7)
	fmt.Println(c.Unpack())
	fmt.Println(c, c>>8, c&0xff, []RGB{c, 0})
	n := 0b1011_0000
	fmt.Println(n&-n, n&(n-1), n|1<<2, n&^(1<<7), n^0xff, ^n, n>>4&1)
	fmt.Printf("%b %b %o %X\n", n, -n, n, ^uint16(n))
	for i := 0; i < 8; i++ {
		fmt.Printf("%03b ", i^(i>>1))
	}
	fmt.Println(ipToInt("192.168.1.10"), 16&15 == 0, 1<<3|1<<1, 6&3|8)
}
