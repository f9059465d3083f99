"""What type checkers know of `select`: each case's own value type, behind a literal index.

`make check` runs mypy and pyright over this file, both strict. Each `assert_type` fails where a checker sees
another type, and each ignored error fails where a checker sees none.
"""

from typing import Literal, assert_never, assert_type

from gochan import Chan, RecvChan, SendChan, default, recv, select, send, timeout


def one_case(words: Chan[str]) -> None:
    index, word, ok = select(recv(words))
    assert_type(index, Literal[0])
    assert_type(word, str)
    assert_type(ok, bool)


def two_receives(words: Chan[str], numbers: Chan[int]) -> None:
    match select(recv(words), recv(numbers)):
        case 0, word, ok:
            assert_type(word, str)
            assert_type(ok, bool)
        case 1, number, _:
            assert_type(number, int)


def every_case_is_seen(words: Chan[str], numbers: Chan[int]) -> None:
    """A case that is missing is an error here."""
    chosen = select(recv(words), recv(numbers))
    match chosen:
        case 0, _, _:
            return
        case 1, _, _:
            return
    assert_never(chosen)


def three_receives(words: Chan[str], numbers: Chan[int], blobs: Chan[bytes]) -> None:
    match select(recv(words), recv(numbers), recv(blobs)):
        case 0, word, _:
            assert_type(word, str)
        case 1, number, _:
            assert_type(number, int)
        case 2, blob, _:
            assert_type(blob, bytes)


def a_send_receives_nothing(words: Chan[str], numbers: Chan[int]) -> None:
    match select(send(words, "hello"), recv(numbers)):
        case 0, nothing, _:
            assert_type(nothing, None)
        case 1, number, _:
            assert_type(number, int)


def a_timeout(words: Chan[str]) -> None:
    match select(recv(words), timeout(0.5)):
        case 0, word, _:
            assert_type(word, str)
        case 1, nothing, _:
            assert_type(nothing, None)


def a_default(words: Chan[str]) -> None:
    match select(recv(words), default):
        case 0, word, _:
            assert_type(word, str)
        case 1, nothing, _:
            assert_type(nothing, None)


def the_last_case_is_what_is_left(words: Chan[str], numbers: Chan[int]) -> str | int:
    match select(recv(words), recv(numbers)):
        case 0, word, _:
            return word
        case _, number, _:
            return assert_type(number, int)


def directions(inbox: RecvChan[str], outbox: SendChan[int]) -> None:
    match select(recv(inbox), send(outbox, 3)):
        case 0, word, _:
            assert_type(word, str)
        case 1, nothing, _:
            assert_type(nothing, None)


def a_case_that_is_switched_off(words: Chan[str] | None, numbers: Chan[int]) -> None:
    match select(recv(words), recv(numbers)):
        case 0, word, _:
            assert_type(word, str)
        case 1, number, _:
            assert_type(number, int)


def wrong_element(words: Chan[str]) -> None:
    send(words, 3)  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
