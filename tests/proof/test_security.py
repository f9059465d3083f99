"""Security: no code from data, no shell, and no value of the program's in a report, a log or a stack."""

from __future__ import annotations

import ast
import asyncio
import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from children import python

import gochan
from gochan import Chan, Deadlock, aio, context, go, recv, run, select, send, thread, time, timeout
from gochan.runtime import gosched, set_watchdog, stack

PACKAGE = Path(gochan.__file__).parent
# `gochan port` is a compiler: it runs Go and its own output on request.  No other part of gochan imports it.
MODULES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path != PACKAGE / "__main__.py" and PACKAGE / "port" not in path.parents
]

# --- what the source may hold -----------------------------------------------------------------------------

# Modules that run code or programs from data, or read such data.
FORBIDDEN_MODULES = {
    "code", "codeop", "ctypes", "dbm", "dill", "marshal", "pickle", "pty", "runpy", "shelve", "socket",
    "subprocess", "telnetlib", "tempfile", "urllib", "xmlrpc", "yaml",
}  # fmt: skip
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "input", "breakpoint"}
FORBIDDEN_ATTRIBUTES = {
    "os": {
        "system", "popen", "spawnl", "spawnv", "spawnve", "execv", "execve", "execl", "posix_spawn",
        "startfile",
    },
    "importlib": {"import_module"},
}  # fmt: skip


EXEMPT = {
    # At exit, only `PyThreadState_SetAsyncExc` stops a daemon thread that computes; only ctypes reaches it.
    ("_engine/shutdown.py", "ctypes"),
    # The poller wakes itself by a socket pair where there is no eventfd.
    ("_engine/netpoll.py", "socket"),
    # The search for leaks reads the frames of parked goroutines, which Python shows at addresses only.
    ("_engine/leaks.py", "ctypes"),
    ("_engine/slots.py", "ctypes"),
    # The page of gochan.debug is served by its own threads, on sockets. urllib.parse reads addresses, and a
    # private folder says where a process serves.
    ("debug/_address.py", "socket"),
    ("debug/_address.py", "tempfile"),
    ("debug/_server.py", "socket"),
    ("debug/_server.py", "urllib"),
    ("debug/top.py", "socket"),
    # The explorer notes that `pickle.dumps` reads its argument; it calls it only if the program does.
    ("explore/library.py", "pickle"),
    # These commands run the program that the user names.
    ("explore/cli.py", "os.execv"),
    ("explore/program.py", "compile"),
    ("explore/program.py", "exec"),
    ("explore/processes.py", "subprocess"),
    ("explore/processes.py", "tempfile"),
    ("explore/timeline.py", "tempfile"),
    ("trace/_virtual.py", "compile"),
    ("trace/_virtual.py", "exec"),
    ("trace/_virtual.py", "subprocess"),
    ("trace/_virtual.py", "tempfile"),
    ("trace/cli.py", "subprocess"),
    ("trace/cli.py", "tempfile"),
    # What is recorded, and a page, goes to a temporary file first.
    ("trace/_pytest.py", "tempfile"),
    ("trace/_recorder.py", "tempfile"),
    ("trace/view.py", "tempfile"),
}


def exempt(name: str, what: str) -> bool:
    """Return whether a file may have it; sockets are what gochan.net is for."""
    return (name, what) in EXEMPT or (name.startswith("net/") and what == "socket")


def faults(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find calls that gochan must not have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.name.partition(".")[0] in FORBIDDEN_MODULES:
                    yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            module = (node.module or "").partition(".")[0]
            if module in FORBIDDEN_MODULES:
                yield node.lineno, module
            for name in node.names:
                if name.name in FORBIDDEN_ATTRIBUTES.get(module, ()):
                    yield node.lineno, f"{module}.{name.name}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in FORBIDDEN_CALLS:
                yield node.lineno, node.func.id
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.attr in FORBIDDEN_ATTRIBUTES.get(node.value.id, ())
        ):
            yield node.lineno, f"{node.value.id}.{node.attr}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_code_from_data_and_no_shell(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    found = list(faults(ast.parse(path.read_text(encoding="utf-8"))))
    assert [fault for fault in found if not exempt(name, fault[1])] == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle", "import os.path, subprocess as s", "from marshal import loads", "eval('1')",
        "def f():\n    exec(x)", "import os\nos.system('ls')", "from os import popen", "__import__('x')",
        "import importlib\nimportlib.import_module(name)", "from urllib.request import urlopen",
    ],
)  # fmt: skip
def test_the_test_would_see_it(source: str) -> None:
    assert len(list(faults(ast.parse(source)))) == 1


def test_all_files_of_the_package_were_checked() -> None:
    assert {"__init__.py", "context.py", "thread.py"} <= {path.name for path in MODULES}
    assert len(MODULES) > 30


def test_what_importing_gochan_brings() -> None:
    """A program that does not ask for them gets no pickle, sockets or subprocesses by gochan's doing."""
    program = "import sys; before = set(sys.modules); import gochan; print(*set(sys.modules) - before)"
    out = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); {program}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert not {"pickle", "subprocess", "socket", "ctypes", "marshal"} & set(out.split())


# --- what a report shows ----------------------------------------------------------------------------------

# Made at run time, so that no line of code holds it.
SECRET = "-".join(["hunter", "2", str(os.getpid())])


class Request:
    """An object whose repr shows everything."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __repr__(self) -> str:
        return f"Request(token={self.token!r})"


class Refused(Exception):
    pass


def wait_with_secrets(token: str, ch: Chan[str], ctx: context.Context) -> None:
    """Wait, with a secret in each place from which a report could take it."""
    local = token + "!"
    request = Request(token)
    try:
        raise Refused(token)
    except Refused:
        select(send(ch, token), recv(ctx.done()), timeout(3600 if ctx.err() else 7200))
    assert local and request


def build(token: str) -> tuple[Chan[str], Chan[str]]:
    """Start goroutines that wait in every way, and channels that hold the secret."""
    full, empty = Chan[str](1), Chan[str]()
    full.send(token)
    ctx, _ = context.with_cancel(context.with_value(context.background(), "token", token))
    go(wait_with_secrets, token, full, ctx)
    go(wait_with_secrets, token=token, ch=full, ctx=ctx)
    go(full.send, token)
    go(lambda request: empty.recv(), Request(token))
    go(time.sleep, 3600)
    gosched()
    gosched()
    go(print, token)  # never starts
    return full, empty


def dumps() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "stack", lambda: run(_stack)
    yield "repr", lambda: run(_repr)
    yield "deadlock", _deadlock
    yield "deadlock of a channel", _deadlock_of_full
    yield "watchdog", lambda: _captured(lambda: run(_watched))
    yield "note", _note
    yield "select", lambda: run(_cases)


def _stack() -> str:
    token = SECRET
    build(token)
    return stack(all=True) + stack()


def _repr() -> str:
    full, empty = build(SECRET)
    ctx = context.with_value(context.background(), "key", SECRET)
    return f"{full!r} {empty!r} {ctx!r} {context.with_timeout(ctx, 5)[0]!r}"


def _cases() -> str:
    full, _ = build(SECRET)
    cases = send(full, SECRET), recv(full)
    try:
        return f"{cases!r}"
    finally:
        select(*cases)


def _deadlock() -> str:
    def main() -> None:
        token = Request(SECRET)
        ch = Chan[Request]()
        go(lambda: ch.send(token))
        go(lambda: ch.send(token))
        ch.recv()
        Chan[int]().recv()

    with pytest.raises(Deadlock) as info:
        run(main)
    return str(info.value)


def _deadlock_of_full() -> str:
    def main(token: str) -> None:
        ch = Chan[str](1)
        ch.send(token)
        ch.send(token)

    with pytest.raises(Deadlock) as info:
        run(main, SECRET)
    return str(info.value)


def _watched() -> None:
    build(SECRET)
    token = SECRET
    output = sys.stderr
    assert isinstance(output, io.StringIO)
    set_watchdog(0.005)
    try:
        while not output.getvalue():
            assert token
    finally:
        set_watchdog(None)


def _note() -> str:
    """What gochan adds to an exception that ends the program."""

    def fail(token: str) -> None:
        raise Refused

    def main(token: str) -> None:
        go(fail, token)
        select()

    with pytest.raises(Refused) as info:
        run(main, SECRET)
    return "\n".join(info.value.__notes__)


def _captured(f: Callable[[], object]) -> str:
    output = io.StringIO()
    with redirect_stderr(output), redirect_stdout(output):
        f()
    return output.getvalue()


DUMPS = dict(dumps())


@pytest.mark.parametrize("name", DUMPS)
def test_a_report_shows_no_value(name: str) -> None:
    """A secret in a local, an argument, a buffer, a context's value, an exception: lines of code are all."""
    text = DUMPS[name]()
    assert len(text) > 20
    assert SECRET not in text
    if name in {"stack", "deadlock", "watchdog", "note"}:
        assert __file__ in text


@pytest.mark.skipif(not hasattr(signal, "SIGQUIT"), reason="no SIGQUIT")
def test_ctrl_backslash_shows_no_value() -> None:
    child = python(
        """
        import os, signal, sys
        from gochan import Chan, go, run
        from gochan.runtime import gosched

        def worker(token, ch):
            local = token * 2
            ch.send(token)

        def main(token):
            ch = Chan[str]()
            go(worker, token, ch)
            gosched()
            os.kill(os.getpid(), signal.SIGQUIT)
            while True:
                pass

        run(main, sys.argv[1])
        """,
        SECRET,
        patience=100,
    )
    assert child.status == 2
    assert "ch.send(token)" in child.err
    assert SECRET not in child.out + child.err


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """All log messages, down to level DEBUG."""
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.captureWarnings(True)
    yield output
    logging.captureWarnings(False)
    root.setLevel(level)
    root.removeHandler(handler)


def refuse(token: str) -> None:
    raise Refused(token)


def test_executors_log_no_secret(logs: io.StringIO) -> None:
    """Neither what goes to a thread, nor what comes back, nor what is dropped as it comes too late."""

    def main(token: str) -> None:
        assert thread.call(str.upper, token) == token.upper()
        with pytest.raises(Refused):
            thread.call(refuse, token)
        with ThreadPoolExecutor(1) as pool:
            assert thread.call(str.upper, token, executor=pool) == token.upper()
        late = Chan[None]()

        def slow(token: str) -> str:
            thread.submit(late.send, None).result(30)
            refuse(token)
            return token

        ctx, cancel = context.with_cancel(context.with_value(context.background(), "token", token))

        @go
        def _() -> None:
            late.recv()
            cancel()

        # It is cancelled in the middle, and what it raises then reaches no goroutine.
        with pytest.raises(context.Canceled):
            thread.call(slow, token, ctx=ctx)
        assert thread.submit(str.upper, token).done() is False

    text = _captured(lambda: run(main, SECRET))
    assert SECRET not in text + logs.getvalue()
    assert SECRET.upper() not in text + logs.getvalue()


def test_asyncio_logs_no_secret(logs: io.StringIO) -> None:
    """In asyncio's debug mode as well: tasks that are awaited, cancelled, and that fail."""

    async def answer(token: str) -> str:
        await asyncio.sleep(0)
        return token

    async def fail(token: str) -> None:
        await asyncio.sleep(0)
        raise Refused(token)

    async def slow(token: str) -> str:
        await asyncio.sleep(3600)
        return token

    def main(token: str) -> None:
        assert aio.await_(answer(token)) == token
        with pytest.raises(Refused):
            aio.await_(fail(token))
        ctx, _ = context.with_timeout(context.with_value(context.background(), "token", token), 0.001)
        with pytest.raises(context.DeadlineExceeded):
            aio.await_(slow(token), ctx)

    async def inside(token: str) -> None:
        ch, over = Chan[str](), Chan[None]()
        program = asyncio.ensure_future(aio.run(over.recv))
        await asyncio.sleep(0)
        sender = asyncio.ensure_future(aio.send(ch, token))
        assert await aio.recv(ch) == token
        await sender
        waiting = asyncio.ensure_future(aio.send(ch, token))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await aio.send(over, None)
        await program

    def both() -> None:
        run(main, SECRET)
        asyncio.run(inside(SECRET), debug=True)

    text = _captured(both)
    assert SECRET not in text + logs.getvalue()
