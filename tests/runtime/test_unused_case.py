"""A case that no select ever gets warns, as a coroutine that is never awaited does."""

import gc
import sys
import warnings
from collections.abc import Callable, Iterator
from subprocess import Popen
from typing import Any

import pytest

from gochan import Case, Chan, Panic, aio, default, go, recv, run, select, send, synctest, time, timeout


@pytest.fixture
def unraisable(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Collect what is reported as unraisable."""
    reports: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda report: reports.append(report.exc_value))
    yield reports


CASES: dict[str, tuple[Callable[[Chan[int]], Case[Any]], str, str]] = {
    "recv": (recv, "recv({ch!r})", "to receive, write ch.recv()"),
    "send": (lambda ch: send(ch, 3), "send({ch!r}, ...)", "to send, write ch.send(v)"),
    "timeout": (lambda _: timeout(1.5), "timeout(1.5)", "to wait, write time.sleep(seconds)"),
    "recv(None)": (lambda _: recv(None), "recv(None)", "to receive, write ch.recv()"),
}


@pytest.mark.parametrize(("make", "case", "advice"), CASES.values(), ids=CASES)
def test_a_case_as_a_statement(make: Callable[[Chan[int]], Case[Any]], case: str, advice: str) -> None:
    ch = Chan[int](1)
    with pytest.warns(RuntimeWarning) as caught:
        make(ch)
    text = f"case {case.format(ch=ch)} was never given to select; {advice}"
    assert [str(w.message) for w in caught] == [text]
    assert len(ch) == 0


def test_the_warning_has_the_users_line() -> None:
    with pytest.warns(RuntimeWarning) as caught:
        send(Chan[int](1), 3)
    line = sys._getframe().f_lineno - 1
    assert [(w.filename, w.lineno) for w in caught] == [(__file__, line)]


def test_in_a_goroutine() -> None:
    def wrong(ch: Chan[int]) -> None:
        send(ch, 3)
        ch.send(4)

    def main() -> None:
        ch = Chan[int]()
        go(wrong, ch)
        assert ch.recv() == 4

    with pytest.warns(RuntimeWarning, match=r"to send, write ch\.send"):
        run(main)


def test_one_that_the_collector_finds() -> None:
    ch = Chan[Any]()
    cycle: list[Any] = [recv(ch)]
    cycle.append(cycle)
    with pytest.warns(RuntimeWarning, match="never given to select"):
        del cycle
        gc.collect()


def test_each_of_a_chain_of_cases() -> None:
    """Cases that are sent as values are freed without recursion, and none had a select."""
    ch = Chan[Any]()
    case: Case[Any] = recv(ch)
    for _ in range(100):
        case = send(ch, case)
    with pytest.warns(RuntimeWarning) as caught:
        del case
    assert len(caught) == 101


def use(*cases: Case[Any]) -> None:
    select(*cases, default)


def panics(*cases: Case[Any]) -> None:
    """The first case polled raises, and the others are not polled."""
    ch: list[Chan[int]] = []
    run(synctest.test, lambda: ch.append(Chan[int]()))
    with pytest.raises(Panic, match="outside bubble"):
        select(recv(ch[0]), *cases)


def refused(*cases: Any) -> None:
    for bad in [(3, *cases), (default, default, *cases), (*cases, 3)]:
        with pytest.raises((TypeError, ValueError)):
            select(*bad)


def waits(*cases: Case[Any]) -> None:
    def main() -> None:
        done = Chan[int]()
        go(lambda: (time.sleep(0.001), done.close()))
        select(*cases, recv(done))

    run(main)


def waits_twice(*cases: Case[Any]) -> None:
    """Each case is given twice: a copy of it waits."""
    waits(*cases, *cases)


def asyncio_task(*cases: Case[Any]) -> None:
    async def main() -> None:
        await aio.select(*cases, default)

    run(lambda: aio.await_(main()))


def asyncio_task_waits(*cases: Case[Any]) -> None:
    async def main() -> None:
        await aio.select(*cases, timeout(0.001))

    run(lambda: aio.await_(main()))


@pytest.mark.parametrize("get", [use, panics, refused, waits, waits_twice, asyncio_task, asyncio_task_waits])
def test_given_cases_do_not_warn(get: Callable[..., None]) -> None:
    ch = Chan[int]()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        get(recv(ch), send(ch, 1), timeout(3600), recv(None))
        gc.collect()
    assert [str(w.message) for w in caught] == []


def test_an_exception_kept_it_from_its_select() -> None:
    ch = Chan[int]()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(TypeError):
            select(recv(ch), send(ch, "x"))  # type: ignore[arg-type]
    assert caught == []


def test_the_end_of_the_program_prevented_the_select() -> None:
    """A goroutine that has not started never calls select."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run(lambda: go(select, timeout(3600)))
        gc.collect()
    assert caught == []


def test_a_warning_that_is_an_error(unraisable: list[Any]) -> None:
    """It is reported, as there is no caller to raise it to, and the program goes on."""
    ch = Chan[int](1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        send(ch, 3)
    (exc,) = unraisable
    assert isinstance(exc, RuntimeWarning)
    assert "was never given to select" in str(exc)
    ch.send(4)
    assert ch.recv() == 4


def test_a_hook_for_warnings_that_fails(unraisable: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(warnings, "showwarning", fail)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "showwarning", fail)
        recv(Chan[int]())
    (exc,) = unraisable
    assert isinstance(exc, ZeroDivisionError)


def test_a_hook_for_warnings_that_uses_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs while the case is freed, and makes cases that are freed in turn."""
    shown = Chan[str](10)

    def show(message: object, *args: object, **kwargs: object) -> None:
        select(send(shown, "shown"), recv(shown), timeout(1))

    ch = Chan[int]()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "showwarning", show)
        for _ in range(3):
            recv(ch)
        cases = [recv(ch) for _ in range(100)]
        select(*cases, default)
    assert shown.recv() == "shown"


def test_what_a_script_prints(python: Callable[[str], Popen[str]]) -> None:
    """Nothing is printed for a case that lives until the interpreter exits."""
    program = """
        from gochan import Chan, recv, run, send

        def main():
            ch = Chan[int](1)
            send(ch, 3)
            print(len(ch))

        run(main)
        until_exit = recv(Chan[int]())
    """
    process = python(program)
    out, err = process.communicate(timeout=100)
    assert (process.returncode, out) == (0, "0\n")
    first, *rest = err.splitlines()
    assert "program0.py:6: RuntimeWarning: case send(<Chan[int] len=0 cap=1 open at 0x" in first
    assert first.endswith(">, ...) was never given to select; to send, write ch.send(v)")
    assert rest == ["  send(ch, 3)"]
