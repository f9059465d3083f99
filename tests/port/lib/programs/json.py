from typing import Annotated, Any

from gochan import Chan
from gochan.port.lib import (
    Boxed,
    Len,
    NilMap,
    Pointer,
    PointerBox,
    Ref,
    Slice,
    errors,
    field,
    float32,
    fmt,
    from_bytes,
    json,
    nil,
    run,
    struct,
    to_bytes,
    uint8,
)


@struct(go="main.In", names={"z": "Z", "w": "W"}, tags={"z": 'json:"z"'})
class In:
    z: int = 0
    w: Slice[int] = field(default_factory=Slice[int])


@struct(
    go="main.P",
    names={
        "name": "Name",
        "age": "Age",
        "b": "B",
        "f": "F",
        "in_": "In",
        "m": "M",
        "s": "S",
        "ptr": "Ptr",
        "u8": "U8",
        "by": "By",
        "any": "Any",
    },
    tags={"name": 'json:"name"', "age": 'json:"age,omitempty"', "in_": 'json:"in"'},
    pointer=False,
)
class P:
    name: str = ""
    age: int = 0
    b: bool = False
    f: float = 0.0
    in_: In = field(default_factory=In)
    m: dict[str, int] = field(default_factory=NilMap)
    s: Slice[str] = field(default_factory=Slice[str])
    ptr: Pointer[In] = nil
    u: int = 0
    u8: uint8 = 0
    by: Slice[uint8] = field(default_factory=Slice[uint8])
    any: Any = nil


@struct(
    go="struct { A int; B string; C int; D int; e int }",
    names={"a": "A", "b": "B", "c": "C", "d": "D"},
    tags={"a": 'json:"a,string"', "b": 'json:",omitempty"', "c": 'json:"-"', "d": 'json:"-,"'},
    pointer=False,
)
class Anon:
    a: int = 0
    b: str = ""
    c: int = 0
    d: int = 0
    e: int = 0


def main() -> None:
    for s in [
        "",
        " ",
        "{",
        '{"a"',
        '{"a":',
        '{"a":1',
        '{"a":1,',
        '{"a":1,}',
        "{a:1}",
        '{"a" 1}',
        "[1,",
        "[1 2]",
        "[1,]",
        "]",
        "tru",
        "trux",
        "nul",
        "01",
        "-",
        "1.",
        "1e",
        "+1",
        '"abc',
        '"a\\qb"',
        '"\\u12g4"',
        '"a\nb"',
        "{} x",
        "{}}",
        "[",
        '{"a":[}',
        "nan",
        "'a'",
        '{"a":\x01}',
        '"\\ud800"',
        "-a",
        "1.a",
        "1ea",
        "é",
        '{"a":1 "b"',
        "{1:2}",
        "[1}",
        '{"a":1]',
    ]:
        v = Ref(nil)
        err = json.unmarshal(to_bytes(s), v, Any)
        se, ok = errors.as_type(err, Pointer[json.SyntaxError])
        off = -1
        if ok:
            off = se.offset
        fmt.printf("%q: %v | %v %d\n", s, v.v, err, off)
    for s in [
        '{"name":1}',
        '{"age":"x"}',
        '{"age":1.5}',
        '{"age":1e400}',
        '{"in":{"z":"q"}}',
        '{"in":5}',
        '{"M":{"a":"b"}}',
        '{"M":[1]}',
        '{"S":[1,"b"]}',
        '{"S":"x"}',
        '{"B":1}',
        '{"F":"x"}',
        '{"U8":300}',
        '{"U8":-1}',
        '{"By":"!!"}',
        '{"By":"aGk="}',
        "[1]",
        '"x"',
        "5",
        "null",
        '{"NAME":"z","AGE":3}',
        '{"Ptr":{"z":4}}',
        '{"Ptr":null,"name":null}',
        '{"Any":[1,"a",null,true,{"k":1.5}]}',
        '{"in":{"W":[1,"x",3]}}',
        '{"u":3,"extra":1}',
        '{"name":1,"age":7}',
        '{"age":99999999999999999999}',
    ]:
        p = P()
        err = json.unmarshal(to_bytes(s), PointerBox(p))
        if p.ptr is not None:
            fmt.println(PointerBox(p.ptr))
            p.ptr = nil
        fmt.printf("%s: %+v | %v\n", s, p, err)
        te, ok = errors.as_type(err, Pointer[json.UnmarshalTypeError])
        if ok:
            fmt.println("  ", te.value, te.type, te.offset, te.struct, te.field)
    for v in [
        P(),
        PointerBox(P(name="<a&b>\u2028é\udcff", ptr=In())),
        Boxed({"b": 1, "a": nil}, dict[str, Any]),
        Boxed({2: "x", 1: "y"}, dict[int, str]),
        Slice[Any]([1, 1.5, 1e21, 1e-7, "x", True, nil, 1e6, 123456789.0, 0.000001]),
        Boxed(to_bytes("hi"), Slice[uint8]),
        Boxed([False, False], Annotated[list[bool], Len(2)]),
        Boxed(Chan[int](), Chan[int]),
        lambda: None,
        0,
        complex(1, 2),
        Slice[int](),
        Slice[int]([]),
        Boxed(NilMap(), dict[str, int]),
        'a"\\\n\t\r\x01\x7f\b\f',
        Boxed(0.10000000149011612, float32),
        Anon(a=1),
    ]:
        b, err = json.marshal(v)
        fmt.printf("%s | %v\n", b, err)
    b, err = json.marshal_indent(P(m={"a": 1}, s=Slice[str]([]), any=Slice[int]([1])), ">", "  ")
    fmt.println(from_bytes(b), err)
    fmt.println(
        json.unmarshal(to_bytes("{}"), nil),
        json.unmarshal(to_bytes("{}"), P()),
        json.unmarshal(to_bytes("{}"), Boxed(nil, Pointer[P])),
    )
    i = Ref(0)
    fmt.println(
        json.unmarshal(to_bytes('"x"'), i, int),
        json.unmarshal(to_bytes("300"), Ref(0), uint8),
        json.unmarshal(to_bytes("1.5"), i, int),
    )
    m: Any = Ref(NilMap())
    fmt.println(json.unmarshal(to_bytes('{"a":"x","b":2}'), m, dict[str, int]), m.v)
    a = [0, 0]
    fmt.println(json.unmarshal(to_bytes("[1,2,3]"), a), a, json.unmarshal(to_bytes("[7]"), a), a)


run(main)
