"""Element types: which values fit, the zero values, and Chan[...] as a type."""

import copy
import functools
import pickle
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import (
    Annotated,
    Any,
    Generic,
    Literal,
    NamedTuple,
    NewType,
    Optional,
    Protocol,
    TypedDict,
    TypeVar,
    Union,
    runtime_checkable,
)

import pytest

from gochan import Chan, RecvChan, SendChan, cap, close, default, go, recv, run, select, send

T = TypeVar("T")
UserId = NewType("UserId", int)


class Animal: ...


class Dog(Animal): ...


class Color(IntEnum):
    RED = 1


class Point(NamedTuple):
    x: int
    y: int


class Movie(TypedDict):
    name: str


class Speaks(Protocol):
    def speak(self) -> str: ...


@runtime_checkable
class Closes(Protocol):
    def close(self) -> None: ...


class Box(Generic[T]): ...


class Closer:
    def close(self) -> None: ...


FITS = [
    (int, [0, -1, True, Color.RED, 10**30], [1.0, "1", None, 1j]),
    (float, [1.5, 1, True], ["1.5", 1j, None]),
    (complex, [1j, 1.5, 1], ["1", None]),
    (bool, [True, False], [0, 1, None]),
    (str, ["", "a"], [b"a", 1, None]),
    (bytes, [b"", b"a"], ["a", bytearray()]),
    (Animal, [Animal(), Dog()], [Animal, None, "dog"]),
    (Dog, [Dog()], [Animal()]),
    (Color, [Color.RED], [1]),
    (Point, [Point(1, 2)], [(1, 2)]),
    (object, [None, 1, "a"], []),
    (Any, [None, 1, "a"], []),
    (None, [None], [0, False, ()]),
    (types.NoneType, [None], [0]),
    (list[int], [[], [1], ["not looked into"]], [(), {}, None]),
    (dict[str, int], [{}, {1: 2}], [[], None]),
    (tuple[int, ...], [(), ("a",)], [[]]),
    (typing.List[int], [[1]], [(1,)]),  # noqa: UP006
    (Iterable[int], [[1], "a", {1: 2}], [1]),
    (Mapping[str, int], [{}], [[]]),
    (Box[int], [Box()], [1]),
    (int | str, [1, "a", True], [1.0, None]),
    (int | None, [1, None], ["a"]),
    (int | Any, [1, "a"], []),
    (Optional[T], [1, None], []),  # noqa: UP045
    (Union[int, str], [1, "a"], [None]),  # noqa: UP007
    (Optional[float], [None, 1, 1.5], ["a"]),  # noqa: UP045
    (int | list[str], [1, ["a"]], [(1,)]),
    (Literal[1, "a"], [1, "a"], [True, 1.0, 2, "b", None]),
    (type, [int, Dog], [1]),
    (type[Animal], [Animal, Dog], [int, Animal()]),
    (type[Any], [int], [1]),
    (Callable[[int], str], [str, print, lambda x: x], ["str", None]),
    (Callable, [str], [None]),
    (Annotated[int, "meters"], [1], ["a"]),
    (Annotated[int | None, "meters"], [1, None], ["a"]),
    (UserId, [1, UserId(1)], ["a"]),
    (Movie, [{"name": "a"}, {}], [[], None]),
    (Speaks, [1, None, "anything"], []),
    (Closes, [Closer(), Chan[int]()], [1]),
    (T, [1, None], []),
    ("Forward", [1, None], []),
    (Chan, [Chan[int](), Chan[str]()], [1]),
    (Chan[int], [Chan[int](), Chan()], [1, None]),
    (RecvChan[int], [Chan[int]()], [1]),
    (SendChan[int], [Chan[int]()], [None]),
]


@pytest.mark.parametrize(("t", "good", "bad"), FITS, ids=lambda x: str(x) if not isinstance(x, list) else "")
def test_which_values_fit(t: Any, good: list[object], bad: list[object]) -> None:
    ch = Chan[t](1)
    for value in good:
        ch.send(value)
        assert ch.recv() is value
        ch << value
        assert ch.recv() is value
        assert select(send(ch, value)) == (0, None, True)
        assert ch.recv() is value
    for value in bad:
        for attempt in (ch.send, lambda v: ch << v, lambda v: send(ch, v)):
            with pytest.raises(TypeError, match=r"^Chan\[.*\]\.send: got .* \(.*\), want .*$"):
                attempt(value)
    assert len(ch) == 0


def test_a_type_alias() -> None:
    """`type Alias = int` has its value looked at, and only then: it may name what is defined later."""
    if not hasattr(typing, "TypeAliasType"):
        pytest.skip("Python 3.12 has them")
    ch = Chan[typing.TypeAliasType("Alias", int)](1)
    ch.send(1)
    assert ch.recv() == 1
    with pytest.raises(TypeError, match=r"^Chan\[Alias\]\.send: got 'a' \(str\), want Alias$"):
        ch.send("a")
    ch.close()
    assert ch.recv() == 0


@pytest.mark.parametrize(
    ("t", "message"),
    [
        (int, "Chan[int].send: got '1' (str), want int"),
        (list[int], "Chan[list[int]].send: got '1' (str), want list[int]"),
        (int | None, "Chan[int | None].send: got '1' (str), want int | None"),
        (None, "Chan[None].send: got '1' (str), want None"),
        (types.NoneType, "Chan[None].send: got '1' (str), want None"),
        (Literal[2], "Chan[Literal[2]].send: got '1' (str), want Literal[2]"),
        (Dog, "Chan[Dog].send: got '1' (str), want Dog"),
        (Color, "Chan[Color].send: got '1' (str), want Color"),
    ],
)
def test_the_error_names_both(t: Any, message: str) -> None:
    with pytest.raises(TypeError) as info:
        Chan[t]().send("1")
    assert str(info.value) == message


@pytest.mark.parametrize(
    ("t", "zero"),
    [
        (int, 0),
        (float, 0.0),
        (bool, False),
        (str, ""),
        (bytes, b""),
        (complex, 0j),
        (Annotated[int, "meters"], 0),
        (UserId, 0),
        (object, None),
        (Any, None),
        (None, None),
        (int | None, None),
        (list[int], None),
        (dict, None),
        (Dog, None),
        (Color, None),
        (Literal[1], None),
        (T, None),
        ("Forward", None),
    ],
)
def test_zero_values(t: Any, zero: object) -> None:
    ch = Chan[t](1)
    ch.close()
    for value in (ch.recv(), ch.recv_ok()[0], select(recv(ch))[1]):
        assert value == zero
        assert type(value) is type(zero)

    def main() -> list[object]:
        """The same, to the waiters when it is closed."""
        got: list[object] = []
        ch, done = Chan[t](), Chan[None]()
        go(lambda: (got.append(ch.recv()), done.send(None)))
        go(lambda: (got.append(ch.recv_ok()[0]), done.send(None)))
        go(lambda: (got.append(select(recv(ch))[1]), done.send(None)))
        go(ch.close)
        for _ in range(3):
            done.recv()
        return got

    assert [(v, type(v)) for v in run(main)] == [(zero, type(zero))] * 3


def test_an_untyped_channel_takes_anything() -> None:
    ch = Chan(3)
    for value in (1, "a", None):
        ch.send(value)
    ch.close()
    assert list(ch) == [1, "a", None]
    assert ch.recv() is None


@pytest.mark.parametrize("bad", [3, 0.5, b"", [int], {}, set(), (int, str), True])
def test_a_non_type_as_element_type_is_refused(bad: Any) -> None:
    with pytest.raises(TypeError, match=r"^Chan\[.*\]: .* is not a type; give the type of the elements"):
        Chan[bad]


# --- Chan[...] as a type ----------------------------------------------------------------------------------


def test_it_is_a_type_expression() -> None:
    assert Chan[int] == Chan[int]
    assert hash(Chan[int]) == hash(Chan[int])
    assert Chan[int] != Chan[str]
    assert typing.get_origin(Chan[int]) is Chan
    assert typing.get_args(Chan[int]) == (int,)
    assert typing.get_args(Chan[int] | None) == (Chan[int], types.NoneType)
    assert typing.get_args(None | Chan[int]) == (types.NoneType, Chan[int])
    assert typing.get_args(list[Chan[int]]) == (Chan[int],)
    assert Optional[Chan[int]] == Chan[int] | None  # noqa: UP045
    assert Chan[T][int] == Chan[int]
    assert Chan[list[T]][int] == Chan[list[int]]
    assert repr(Chan[int]).endswith("Chan[int]")
    assert Chan[int]().__orig_class__ == Chan[int]
    assert Chan().__orig_class__ == Chan[Any]
    channel: Chan[Chan[int] | None] = Chan[Chan[int] | None](1)
    channel.send(None)
    channel.recv()


def test_in_classes_and_signatures() -> None:
    @dataclass
    class Job:
        reply: Chan[int] | None = None
        replies: list[Chan[int]] = field(default_factory=list)

    class Pair(NamedTuple):
        left: Chan[int]
        right: RecvChan[str]

    def f(a: Chan[int], b: "SendChan[str]", c: RecvChan[int] | None = None) -> Chan[Chan[int]]: ...

    assert Job().replies == []
    assert Job(Chan[int](2)).reply.cap == 2
    assert typing.get_type_hints(Job) == {"reply": Chan[int] | None, "replies": list[Chan[int]]}
    assert typing.get_type_hints(Pair) == {"left": Chan[int], "right": RecvChan[str]}
    assert typing.get_type_hints(f) == {
        "a": Chan[int],
        "b": SendChan[str],
        "c": RecvChan[int] | None,
        "return": Chan[Chan[int]],
    }


def test_isinstance() -> None:
    ch = Chan[int]()
    assert isinstance(ch, Chan)
    assert isinstance(ch, RecvChan)
    assert isinstance(ch, SendChan)
    for other in (3, [], None, iter([])):
        assert not isinstance(other, (Chan, RecvChan, SendChan))
    with pytest.raises(TypeError):
        isinstance(ch, Chan[int])


def test_singledispatch_and_match_know_it() -> None:
    @functools.singledispatch
    def what(x: object) -> str:
        return "other"

    @what.register
    def _(x: Chan) -> str:  # type: ignore[type-arg]
        return "channel"

    assert what(Chan[int]()) == "channel"
    match Chan[int](1):
        case Chan(cap=1):
            pass
        case _:
            pytest.fail("no match")


def test_repr() -> None:
    ch = Chan[int](3)
    ch << 1
    assert repr(ch) == f"<Chan[int] len=1 cap=3 open at {id(ch):#x}>"
    ch.close()
    assert repr(ch) == f"<Chan[int] len=1 cap=3 closed at {id(ch):#x}>"
    assert repr(Chan()).startswith("<Chan len=0 cap=0 open at 0x")
    assert repr(Chan[str | None]()).startswith("<Chan[str | None] len=0 ")
    # Python's own words for it: from 3.14 on they are `int | None`.
    optional = str(Optional[int]).removeprefix("typing.")  # noqa: UP045
    assert repr(Chan[Optional[int]]()).startswith(f"<Chan[{optional}] ")  # noqa: UP045
    assert repr(Chan[Dog]()).startswith("<Chan[Dog] ")
    assert repr(Chan[Color]()).startswith("<Chan[Color] ")
    assert "Chan[int]] len=0 cap=0 open" in repr(Chan[Chan[int]]())


def test_it_can_be_neither_pickled_nor_copied() -> None:
    ch = Chan[int](1)
    ch << 1
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"^Chan cannot be pickled or copied: it lives in one process"):
            attempt(ch)
    assert ch.recv() == 1


def test_identity_is_equality() -> None:
    a, b = Chan[int](), Chan[int]()
    assert a == a  # noqa: PLR0124
    assert a != b
    assert {a: 1, b: 2}[a] == 1


@pytest.mark.gochan
def test_a_wrongly_typed_send_leaves_all_as_it_was() -> None:
    """It is raised at the call, before anything is done: to a buffer, or to a receiver that waits."""
    ch = Chan[int](1)
    with pytest.raises(TypeError):
        ch.send("a")  # type: ignore[arg-type]
    assert select(recv(ch), default)[0] == 1

    got = Chan[int](1)
    go(lambda: got.send(ch.recv()))
    go(int)
    ch2: Any = ch
    with pytest.raises(TypeError):
        ch2 << 1.5
    ch.send(2)
    assert got.recv() == 2

    ch.close()
    with pytest.raises(TypeError):
        ch2 << 1.5


def test_functions_take_either_end() -> None:
    def produce(out: SendChan[int]) -> None:
        out << 1
        close(out)

    def consume(source: RecvChan[int]) -> list[int]:
        assert cap(source) == 0
        assert len(source) == 0
        return list(source)

    def main() -> list[int]:
        ch = Chan[int]()
        go(produce, ch)
        return consume(ch)

    assert run(main) == [1]
