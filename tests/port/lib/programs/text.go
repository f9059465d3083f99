// bufio, bytes.Buffer, strings.Builder and Reader, io, tabwriter, log, flag, fnv, crc32, sha256, binary.
package main

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"io"
	"log"
	"os"
	"strings"
	"text/tabwriter"
)

type slow struct{ s string }

func (r *slow) Read(p []byte) (int, error) {
	if r.s == "" {
		return 0, io.EOF
	}
	n := copy(p, r.s[:min(3, len(r.s))])
	r.s = r.s[n:]
	return n, nil
}

type upper struct{ w io.Writer }

func (u upper) Write(p []byte) (int, error) { return u.w.Write(bytes.ToUpper(p)) }

func commas(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, ','); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, bufio.ErrFinalToken
	}
	return 0, nil, nil
}

func main() {
	for _, split := range []bufio.SplitFunc{bufio.ScanLines, bufio.ScanWords, bufio.ScanRunes, bufio.ScanBytes, commas} {
		for _, text := range []string{"", "a b\r\nc\n\nd", " x  y ", "日本 é\xffz\n", "a,b,,c", "\n"} {
			s := bufio.NewScanner(&slow{text})
			s.Split(split)
			for s.Scan() {
				fmt.Printf("%q ", s.Text())
			}
			fmt.Println(s.Err())
		}
	}
	s := bufio.NewScanner(strings.NewReader(strings.Repeat("x", 70000) + "\nshort\n"))
	fmt.Println(s.Scan(), s.Err(), len(s.Text()))
	s = bufio.NewScanner(strings.NewReader("abcdefgh\nij\n"))
	s.Buffer(make([]byte, 0, 4), 6)
	fmt.Println(s.Scan(), s.Err(), s.Scan())
	s = bufio.NewScanner(strings.NewReader(strings.Repeat("x", 70000) + "\nshort"))
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		fmt.Print(len(s.Bytes()), " ")
	}
	fmt.Println(s.Err())

	r := bufio.NewReader(&slow{"line one\nline two\nrest é!"})
	fmt.Println(r.ReadString('\n'))
	b, err := r.Peek(4)
	fmt.Println(string(b), err, r.Buffered())
	c, err := r.ReadByte()
	fmt.Println(c, err, r.UnreadByte(), r.UnreadByte())
	line, more, err := r.ReadLine()
	fmt.Println(string(line), more, err)
	data, err := r.ReadBytes(' ')
	fmt.Println(string(data), err)
	ch, size, err := r.ReadRune()
	fmt.Println(ch, size, err, r.UnreadRune())
	n, err := r.Discard(2)
	fmt.Println(n, err)
	rest, err := io.ReadAll(r)
	fmt.Println(string(rest), err)
	fmt.Println(r.ReadString('x'))

	var out bytes.Buffer
	w := bufio.NewWriterSize(&out, 16)
	fmt.Fprintf(w, "%d-%s", 42, "é")
	w.WriteByte('!')
	w.WriteRune('日')
	fmt.Println(w.Buffered(), w.Available(), out.Len())
	w.WriteString(strings.Repeat("y", 20))
	fmt.Println(w.Buffered(), out.Len(), w.Flush(), out.String())
	out.WriteTo(upper{os.Stdout})
	fmt.Println()

	buf := bytes.NewBufferString("hello world")
	p := make([]byte, 5)
	n, err = buf.Read(p)
	fmt.Println(n, err, string(p), buf.Len(), buf.UnreadByte(), buf.UnreadByte())
	fmt.Println(buf.ReadString(' '))
	buf.Truncate(2)
	buf.WriteString("é")
	fmt.Println(buf.String(), string(buf.Next(1)), buf)
	fmt.Println(buf.ReadBytes('q'))
	_, err = buf.ReadByte()
	fmt.Println(err == io.EOF, errors.Is(err, io.EOF))

	var sb strings.Builder
	for i := range 3 {
		fmt.Fprintf(&sb, "%d,", i)
	}
	sb.WriteByte(0xc3)
	sb.WriteByte(0xa9)
	sb.WriteRune(-1)
	fmt.Println(sb.String(), sb.Len(), len(sb.String()))

	sr := strings.NewReader("0123456789")
	sr.Seek(-3, io.SeekEnd)
	tail, _ := io.ReadAll(sr)
	fmt.Println(string(tail), sr.Len(), sr.Size())
	_, err = sr.Seek(-1, io.SeekStart)
	fmt.Println(err)
	n, err = io.ReadFull(strings.NewReader("abc"), make([]byte, 5))
	fmt.Println(n, err)
	n, err = io.ReadAtLeast(strings.NewReader("abc"), make([]byte, 2), 3)
	fmt.Println(n, err)
	var a, bb bytes.Buffer
	n64, err := io.Copy(io.MultiWriter(&a, &bb), io.TeeReader(io.LimitReader(io.MultiReader(strings.NewReader("abc"), &slow{"defgh"}), 6), upper{os.Stdout}))
	fmt.Println(n64, err, a.String(), bb.String())
	n64, err = io.CopyN(io.Discard, strings.NewReader("ab"), 3)
	fmt.Println(n64, err)
	pr, pw := io.Pipe()
	go func() {
		fmt.Fprint(pw, "through ")
		io.WriteString(pw, "a pipe")
		pw.CloseWithError(errors.New("done"))
	}()
	piped, err := io.ReadAll(pr)
	fmt.Println(string(piped), err)

	for _, flags := range []uint{0, tabwriter.AlignRight, tabwriter.Debug, tabwriter.AlignRight | tabwriter.Debug, tabwriter.TabIndent, tabwriter.DiscardEmptyColumns} {
		for _, pad := range []byte{' ', '.', '\t'} {
			tw := tabwriter.NewWriter(os.Stdout, 5, 8, 1, pad, flags)
			fmt.Fprintln(tw, "Name\tAge\tCity")
			fmt.Fprintln(tw, "Zoë\t5\tBerlin")
			fmt.Fprintln(tw, "Bartholomew\t42\tX\t")
			fmt.Fprintln(tw, "\t\tindented")
			fmt.Fprintln(tw)
			fmt.Fprintln(tw, "a\tb\fc\td")
			fmt.Fprintln(tw, "no tabs")
			fmt.Fprint(tw, "last\tline\tx")
			tw.Flush()
			fmt.Println("|")
		}
	}

	lg := log.New(os.Stdout, "pre: ", 0)
	lg.Println("a", 1)
	lg.Printf("%d\n", 5)
	lg.SetFlags(log.Lmsgprefix)
	lg.Print("x", "y", 1, 2)
	lg.SetPrefix("[p] ")
	fmt.Println(lg.Prefix(), lg.Flags(), log.Flags(), log.Lshortfile)
	log.SetOutput(os.Stdout)
	log.SetFlags(0)
	log.Println("std")
	func() {
		defer func() { fmt.Printf("%q\n", recover()) }()
		log.Panicf("oh %s", "no")
	}()

	fs := flag.NewFlagSet("prog", flag.ContinueOnError)
	fs.SetOutput(os.Stdout)
	num := fs.Int("n", 5, "number of `items`")
	name := fs.String("name", "joe", "the name\nof it")
	verbose := fs.Bool("v", false, "verbose")
	var ratio float64
	fs.Float64Var(&ratio, "ratio", 0.5, "ratio")
	u := fs.Uint("u", 0, "unsigned")
	fs.Func("f", "call", func(s string) error {
		if s == "bad" {
			return errors.New("is bad")
		}
		return nil
	})
	for _, args := range [][]string{{}, {"-n", "7", "-v", "x", "-n"}, {"--name=ann", "-ratio=1.5", "--", "-v"}, {"-n=x"}, {"-n", "99999999999999999999"}, {"-q"}, {"-h"}, {"-v=maybe"}, {"-n"}, {"-"}, {"---x"}, {"-u", "-1"}, {"-f", "bad"}, {"-n", "0x10", "-v=false"}} {
		err := fs.Parse(args)
		fmt.Println(args, err, *num, *name, *verbose, ratio, *u, fs.Args(), fs.NArg(), fs.NFlag(), fs.Arg(0))
	}
	fs.VisitAll(func(f *flag.Flag) { fmt.Print(f.Name, "=", f.Value, " ", f.DefValue, ";") })
	fmt.Println()

	hs := fnv.New32a()
	hs.Write([]byte("hello"))
	h64 := fnv.New64()
	io.WriteString(h64, "hello")
	fmt.Println(hs.Sum32(), h64.Sum64(), crc32.ChecksumIEEE([]byte("hello")), crc32.Checksum([]byte("hello"), crc32.MakeTable(crc32.Castagnoli)))
	fmt.Printf("%x %x %x %x\n", hs.Sum([]byte{1}), sha256.Sum256([]byte("hello")), md5.Sum([]byte("hello")), sha1.Sum(nil))
	sh := sha256.New()
	sh.Write([]byte("hel"))
	fmt.Fprint(sh, "lo")
	fmt.Printf("%x %d %d\n", sh.Sum(nil), sh.Size(), sh.BlockSize())
	bs := make([]byte, 8)
	binary.BigEndian.PutUint32(bs, 0xdeadbeef)
	binary.LittleEndian.PutUint16(bs[4:], 0x1234)
	fmt.Println(bs, binary.LittleEndian.Uint64(bs), binary.BigEndian.AppendUint16(nil, 5), binary.BigEndian)
	bs = binary.AppendVarint(binary.AppendUvarint(nil, 300), -3)
	x, k := binary.Uvarint(bs)
	y, m := binary.Varint(bs[k:])
	fmt.Println(bs, x, k, y, m)
	log.Fatalf("bye %d", 1)
}
