"""What type checkers know of channels: element types and directions.

Checked as select_narrowing.py is.
"""

from typing import assert_type

from gochan import Chan, RecvChan, SendChan, run


def both_ends(numbers: Chan[int]) -> None:
    numbers.send(3)
    numbers << 4
    assert_type(numbers.recv(), int)
    assert_type(numbers.recv_ok(), tuple[int, bool])
    for number in numbers:
        assert_type(number, int)


def made_here() -> None:
    assert_type(Chan[str](), Chan[str])
    assert_type(Chan[str](3).recv(), str)


def receiving_end(numbers: RecvChan[int]) -> int:
    numbers.send(3)  # type: ignore[attr-defined]  # pyright: ignore
    return numbers.recv() + sum(numbers)


def receiving_floats(numbers: RecvChan[float]) -> None:
    assert_type(numbers.recv(), float)


def sending_end(numbers: SendChan[int]) -> None:
    numbers.send(3)
    numbers.send("three")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    numbers.recv()  # type: ignore[attr-defined]  # pyright: ignore


def directed(numbers: Chan[int]) -> None:
    sending_end(numbers)
    receiving_end(numbers)
    receiving_floats(numbers)  # what gives an int gives a float


def wrong_direction(out: SendChan[int]) -> None:
    receiving_end(out)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def what_main_returns() -> None:
    assert_type(run(lambda: 3), int)
