from typing import Annotated, Any

from gochan import defer, defers, go
from gochan.port.lib import (
    Boxed,
    Len,
    Ref,
    Slice,
    binary,
    bufio,
    bytes,
    copy_slice,
    crc32,
    errors,
    flag,
    fmt,
    fnv,
    from_bytes,
    io,
    log,
    make_slice,
    md5,
    nil,
    os,
    recover,
    run,
    sha1,
    sha256,
    str_len,
    str_slice,
    strings,
    tabwriter,
    to_bytes,
    uint8,
)  # fmt: skip


class Slow:
    def __init__(self, s: str) -> None:
        self.s = s

    def read(self, p: Any) -> tuple[int, Any]:
        if self.s == "":
            return 0, io.EOF
        n = copy_slice(p, str_slice(self.s, 0, min(3, str_len(self.s))))
        self.s = str_slice(self.s, n)
        return n, nil


class Upper:
    def __init__(self, w: Any) -> None:
        self.w = w

    def write(self, p: Any) -> tuple[int, Any]:
        return self.w.write(bytes.to_upper(p))


def commas(data: Any, at_eof: bool) -> tuple[int, Any, Any]:
    i = bytes.index_byte(data, ord(","))
    if i >= 0:
        return i + 1, data[:i], nil
    if at_eof and len(data) > 0:
        return len(data), data, bufio.ErrFinalToken
    return 0, Slice[uint8](), nil


@defers
def panics() -> None:
    defer(lambda: fmt.printf("%q\n", recover()))
    log.panicf("oh %s", "no")


def main() -> None:
    for split in [bufio.scan_lines, bufio.scan_words, bufio.scan_runes, bufio.scan_bytes, commas]:
        for text in ["", "a b\r\nc\n\nd", " x  y ", "日本 é\udcffz\n", "a,b,,c", "\n"]:
            s = bufio.new_scanner(Slow(text))
            s.split(split)
            while s.scan():
                fmt.printf("%q ", s.text())
            fmt.println(s.err())
    s = bufio.new_scanner(strings.new_reader(strings.repeat("x", 70000) + "\nshort\n"))
    fmt.println(s.scan(), s.err(), str_len(s.text()))
    s = bufio.new_scanner(strings.new_reader("abcdefgh\nij\n"))
    s.buffer(make_slice(uint8, 0, 4), 6)
    fmt.println(s.scan(), s.err(), s.scan())
    s = bufio.new_scanner(strings.new_reader(strings.repeat("x", 70000) + "\nshort"))
    s.buffer(nil, 1 << 20)
    while s.scan():
        fmt.print(len(s.bytes()), " ")
    fmt.println(s.err())

    r = bufio.new_reader(Slow("line one\nline two\nrest é!"))
    fmt.println(*r.read_string(ord("\n")))
    b, err = r.peek(4)
    fmt.println(from_bytes(b), err, r.buffered())
    c, err = r.read_byte()
    fmt.println(c, err, r.unread_byte(), r.unread_byte())
    line, more, err = r.read_line()
    fmt.println(from_bytes(line), more, err)
    data, err = r.read_bytes(ord(" "))
    fmt.println(from_bytes(data), err)
    ch, size, err = r.read_rune()
    fmt.println(ch, size, err, r.unread_rune())
    n, err = r.discard(2)
    fmt.println(n, err)
    rest, err = io.read_all(r)
    fmt.println(from_bytes(rest), err)
    fmt.println(*r.read_string(ord("x")))

    out = bytes.Buffer()
    w = bufio.new_writer_size(out, 16)
    fmt.fprintf(w, "%d-%s", 42, "é")
    w.write_byte(ord("!"))
    w.write_rune(ord("日"))
    fmt.println(w.buffered(), w.available(), out.len())
    w.write_string(strings.repeat("y", 20))
    fmt.println(w.buffered(), out.len(), w.flush(), out.string())
    out.write_to(Upper(os.stdout))
    fmt.println()

    buf = bytes.new_buffer_string("hello world")
    p = make_slice(uint8, 5)
    n, err = buf.read(p)
    fmt.println(n, err, from_bytes(p), buf.len(), buf.unread_byte(), buf.unread_byte())
    fmt.println(*buf.read_string(ord(" ")))
    buf.truncate(2)
    buf.write_string("é")
    fmt.println(buf.string(), from_bytes(buf.next(1)), buf)
    fmt.println(*buf.read_bytes(ord("q")))
    _, err = buf.read_byte()
    fmt.println(err is io.EOF, errors.is_(err, io.EOF))

    sb = strings.Builder()
    for i in range(3):
        fmt.fprintf(sb, "%d,", i)
    sb.write_byte(0xC3)
    sb.write_byte(0xA9)
    sb.write_rune(-1)
    fmt.println(sb.string(), sb.len(), str_len(sb.string()))

    sr = strings.new_reader("0123456789")
    sr.seek(-3, io.SEEK_END)
    tail, _ = io.read_all(sr)
    fmt.println(from_bytes(tail), sr.len(), sr.size())
    _, err = sr.seek(-1, io.SEEK_START)
    fmt.println(err)
    n, err = io.read_full(strings.new_reader("abc"), make_slice(uint8, 5))
    fmt.println(n, err)
    n, err = io.read_at_least(strings.new_reader("abc"), make_slice(uint8, 2), 3)
    fmt.println(n, err)
    a, bb = bytes.Buffer(), bytes.Buffer()
    n, err = io.copy(
        io.multi_writer(a, bb),
        io.tee_reader(
            io.limit_reader(io.multi_reader(strings.new_reader("abc"), Slow("defgh")), 6), Upper(os.stdout)
        ),
    )
    fmt.println(n, err, a.string(), bb.string())
    n, err = io.copy_n(io.discard, strings.new_reader("ab"), 3)
    fmt.println(n, err)
    pr, pw = io.pipe()

    def write() -> None:
        fmt.fprint(pw, "through ")
        io.write_string(pw, "a pipe")
        pw.close_with_error(errors.new("done"))

    go(write)
    piped, err = io.read_all(pr)
    fmt.println(from_bytes(piped), err)

    for flags in [
        0,
        tabwriter.ALIGN_RIGHT,
        tabwriter.DEBUG,
        tabwriter.ALIGN_RIGHT | tabwriter.DEBUG,
        tabwriter.TAB_INDENT,
        tabwriter.DISCARD_EMPTY_COLUMNS,
    ]:
        for pad in b" .\t":
            tw = tabwriter.new_writer(os.stdout, 5, 8, 1, pad, flags)
            fmt.fprintln(tw, "Name\tAge\tCity")
            fmt.fprintln(tw, "Zoë\t5\tBerlin")
            fmt.fprintln(tw, "Bartholomew\t42\tX\t")
            fmt.fprintln(tw, "\t\tindented")
            fmt.fprintln(tw)
            fmt.fprintln(tw, "a\tb\fc\td")
            fmt.fprintln(tw, "no tabs")
            fmt.fprint(tw, "last\tline\tx")
            tw.flush()
            fmt.println("|")

    lg = log.new(os.stdout, "pre: ", 0)
    lg.println("a", 1)
    lg.printf("%d\n", 5)
    lg.set_flags(log.LMSGPREFIX)
    lg.print("x", "y", 1, 2)
    lg.set_prefix("[p] ")
    fmt.println(lg.prefix(), lg.flags(), log.flags(), log.LSHORTFILE)
    log.set_output(os.stdout)
    log.set_flags(0)
    log.println("std")
    panics()

    fs = flag.new_flag_set("prog", flag.CONTINUE_ON_ERROR)
    fs.set_output(os.stdout)
    num = fs.int("n", 5, "number of `items`")
    name = fs.string("name", "joe", "the name\nof it")
    verbose = fs.bool("v", False, "verbose")
    ratio = Ref(0.0)
    fs.float64_var(ratio, "ratio", 0.5, "ratio")
    u = fs.uint("u", 0, "unsigned")
    fs.func("f", "call", lambda s: errors.new("is bad") if s == "bad" else nil)
    for args in [
        [],
        ["-n", "7", "-v", "x", "-n"],
        ["--name=ann", "-ratio=1.5", "--", "-v"],
        ["-n=x"],
        ["-n", "99999999999999999999"],
        ["-q"],
        ["-h"],
        ["-v=maybe"],
        ["-n"],
        ["-"],
        ["---x"],
        ["-u", "-1"],
        ["-f", "bad"],
        ["-n", "0x10", "-v=false"],
    ]:
        err = fs.parse(args)
        fmt.println(
            Slice[str](args),
            err,
            num.v,
            name.v,
            verbose.v,
            ratio.v,
            u.v,
            fs.args(),
            fs.n_arg(),
            fs.n_flag(),
            fs.arg(0),
        )
    fs.visit_all(lambda f: fmt.print(f.name, "=", f.value, " ", f.def_value, ";"))
    fmt.println()

    hs = fnv.new32a()
    hs.write(to_bytes("hello"))
    h64 = fnv.new64()
    io.write_string(h64, "hello")
    fmt.println(
        hs.sum32(),
        h64.sum64(),
        crc32.checksum_ieee(to_bytes("hello")),
        crc32.checksum(to_bytes("hello"), crc32.make_table(crc32.CASTAGNOLI)),
    )
    fmt.printf(
        "%x %x %x %x\n",
        hs.sum(Slice[uint8]([1])),
        Boxed(sha256.sum256(to_bytes("hello")), Annotated[list[uint8], Len(32)]),
        Boxed(md5.sum(to_bytes("hello")), Annotated[list[uint8], Len(16)]),
        Boxed(sha1.sum(Slice[uint8]()), Annotated[list[uint8], Len(20)]),
    )
    sh = sha256.new()
    sh.write(to_bytes("hel"))
    fmt.fprint(sh, "lo")
    fmt.printf("%x %d %d\n", sh.sum(nil), sh.size(), sh.block_size())
    bs = make_slice(uint8, 8)
    binary.big_endian.put_uint32(bs, 0xDEADBEEF)
    binary.little_endian.put_uint16(bs[4:], 0x1234)
    fmt.println(
        bs,
        binary.little_endian.uint64(bs),
        binary.big_endian.append_uint16(Slice[uint8](), 5),
        binary.big_endian,
    )
    bs = binary.append_varint(binary.append_uvarint(Slice[uint8](), 300), -3)
    x, k = binary.uvarint(bs)
    y, m = binary.varint(bs[k:])
    fmt.println(bs, x, k, y, m)
    log.fatalf("bye %d", 1)


run(main)
