"""What go/scans.go prints, by gochan.port.lib.fmt."""

from __future__ import annotations

from typing import Any

from gochan.port.lib import Boxed, Ref, fmt, int32, strings, uint8


def scans() -> None:
    inputs = ["5 apples 2.5", "5", "", "x y z", "5\napples\n2.5", "-7 é 1e3", "+3 a inf"]
    inputs += ["99999999999999999999 a 1", "5apples 2.5", "0x1F b 0x1p-2", "007 b 3", "5 a b"]
    for text in [*inputs, "  12   b   7.25 rest"]:
        n, s, f = Ref(0), Ref(""), Ref(0.0)
        c, err = fmt.sscan(text, n, s, f)
        fmt.printf("%q: %d %v | %d %q %v\n", text, c, err, n.v, s.v, f.v)
        n.v, s.v, f.v = 0, "", 0.0
        c, err = fmt.sscanln(text, n, s, f)
        fmt.printf("   ln %d %v | %d %q %v\n", c, err, n.v, s.v, f.v)
    cases = [("3,4", "%d,%d"), ("3, 4", "%d,%d"), ("3 4", "%d %d"), ("3-4", "%d-%d"), ("3 ,4", "%d,%d")]
    cases += [("(3 4)", "(%d %d)"), ("34", "%1d%1d"), ("1234", "%2d%d"), ("a3b4", "a%db%d"), ("x3", "%d")]
    cases += [("3", "%d %d"), ("3 4 5", "%d %d"), ("ff 10", "%x %o"), ("3%4", "%d%%%d")]
    cases += [("3\n4", "%d\n%d"), ("3\n4", "%d %d"), ("3 4\n", "%d %d\n")]
    cases += [("move 7 from 3", "move %d from %d"), ("move 7", "move %d from %d")]
    for text, format in cases:
        a, b = Ref(0), Ref(0)
        k, err = fmt.sscanf(text, format, a, b)
        fmt.printf("%q %q: %d %v | %d %d\n", text, format, k, err, a.v, b.v)
    name, age, r, ok, u = Ref(""), Ref(0), Ref(0), Ref(False), Ref(0)
    byte: Any = Boxed(u, Ref[uint8])
    k, err = fmt.sscanf("bob:42:x:true:200", "%3s:%d:%c:%t:%d", name, age, Boxed(r, Ref[int32]), ok, byte)
    fmt.println(k, err, name.v, age.v, r.v, ok.v, u.v)
    k, err = fmt.sscanf("bob 300", "%s %d", name, byte)
    fmt.println(k, err, name.v, u.v)
    k, err = fmt.sscan("300 5", byte, age)
    fmt.println(k, err)
    k, err = fmt.sscan("true F maybe", ok, ok, ok)
    fmt.println(k, err, ok.v)
    k, err = fmt.sscanf('"q s" tail', "%q %s", name, name)
    fmt.println(k, err, name.v)
    k, err = fmt.sscan("-5", byte)
    fmt.println(k, err)
    rd = strings.new_reader("1 2 3\n4 five\n6")
    while True:
        x = Ref(0)
        _, err = fmt.fscan(rd, x)
        fmt.print(x.v, " ", err, "; ")
        if err is not None:
            break
    fmt.println()
    rd = strings.new_reader("1 2\n3\n\n4 5\n")
    for _ in range(6):
        x, y = Ref(0), Ref(0)
        k, err = fmt.fscanln(rd, x, y)
        fmt.print(k, " ", err, " ", x.v, y.v, "; ")
    fmt.println()
    rd = strings.new_reader("a=1\nb=2\n")
    for _ in range(3):
        key, v = Ref(""), Ref(0)
        k, err = fmt.fscanf(rd, "%1s=%d\n", key, v)
        fmt.print(k, " ", err, " ", key.v, v.v, "; ")
    fmt.println()
