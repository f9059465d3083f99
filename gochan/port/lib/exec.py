"""Go's package os/exec: other programs, run on Python's subprocess.

While a goroutine waits for a program's end or its output, others run.
"""

from __future__ import annotations

import errno
import os as _os
import subprocess
from collections.abc import Callable
from typing import Any

import gochan

from . import os
from ._common import Slice, byte_slice, bytes_of, panic
from ._errors import ErrorString
from ._files import File, Pipe
from ._interfaces import equal
from ._process import ErrProcessDone, Process, ProcessState
from ._quote import quote
from ._stdio import flush
from ._types import STRING, error, nil
from ._types import error as _error
from .bytes import Buffer
from .io import copy

__all__ = ["Cmd", "ErrDot", "ErrNotFound", "Error", "ExitError", "command", "command_context", "look_path"]

ErrNotFound = ErrorString("executable file not found in $PATH")
ErrDot = ErrorString("cannot run executable found relative to current directory")
# How much of a program's errors Output keeps from each end, in bytes.
_KEPT = 32 << 10


class Error(Exception):
    """No executable has this name: Go's *exec.Error."""

    __go_name__ = "exec.Error"

    def __init__(self, name: str = "", err: _error = None) -> None:
        super().__init__(name, err)
        self.name = name
        self.err = err

    def error(self) -> str:
        """Return the text: Go's Error."""
        return f"exec: {quote(self.name)}: {self.err}"

    __str__ = error

    def unwrap(self) -> _error:
        """Return what is wrong with it: Go's Unwrap."""
        return self.err


class ExitError(Exception):
    """A program ended with another status than 0: Go's *exec.ExitError."""

    __go_name__ = "exec.ExitError"

    def __init__(self, process_state: ProcessState = nil, stderr: Any = None) -> None:
        super().__init__(process_state)
        self.process_state = process_state
        self.stderr: Slice[int] = Slice() if stderr is None else stderr

    def error(self) -> str:
        """Return how the program ended: Go's Error."""
        return self.process_state.string()

    __str__ = error

    def string(self) -> str:
        """Return how the program ended: Go's String."""
        return self.process_state.string()

    def exit_code(self) -> int:
        """Return the exit status, -1 if a signal ended the program: Go's ExitCode."""
        return self.process_state.exit_code()

    def exited(self) -> bool:
        """Return whether the program ended by itself: Go's Exited."""
        return self.process_state.exited()

    def success(self) -> bool:
        """Return whether the exit status is 0: Go's Success."""
        return self.process_state.success()

    def pid(self) -> int:
        """Return the number that the process had: Go's Pid."""
        return self.process_state.pid()

    def sys(self) -> Any:
        """Return the system's coding of the end: Go's Sys."""
        return self.process_state.sys()


# --- executables ------------------------------------------------------------------------------------------


def look_path(file: str) -> tuple[str, error]:
    """Return the path of an executable, which is searched for in $PATH: Go's exec.LookPath."""
    if file in {"", ".", ".."}:
        return "", Error(file, ErrNotFound)
    if "/" in file:
        err = _not_executable(file)
        return (file, None) if err is None else ("", Error(file, err))
    for folder in os.getenv("PATH").split(":"):
        # An empty entry is the current folder.
        path = _os.path.normpath(_os.path.join(folder or ".", file))
        if _not_executable(path) is None:
            return path, None if path.startswith("/") else Error(file, ErrDot)
    return "", Error(file, ErrNotFound)


def _not_executable(path: str) -> error:
    """Return why a file can't be run; None if it can."""
    info, err = os.stat(path)
    if err is not None:
        return err
    if info.is_dir():
        return os.errno_error(errno.EISDIR)
    return None if _os.access(path, _os.X_OK, effective_ids=True) else os.errno_error(errno.EACCES)


# --- commands ---------------------------------------------------------------------------------------------


class _Ends:
    """Keeps the first and the last bytes that are written to it."""

    def __init__(self) -> None:
        self._first = bytearray()
        self._last = bytearray()
        self._size = 0

    def write(self, p: Any) -> tuple[int, None]:
        return self._write(bytes_of(p))

    def _write(self, data: bytes) -> tuple[int, None]:
        room = max(0, _KEPT - len(self._first))
        self._first += data[:room]
        self._last = (self._last + data[room:])[-_KEPT:]
        self._size += len(data)
        return len(data), None

    def bytes(self) -> Slice[int]:
        left_out = self._size - len(self._first) - len(self._last)
        words = f"\n... omitting {left_out} bytes ...\n".encode() if left_out else b""
        return byte_slice(self._first + words + self._last)


class Cmd:
    """A program to run: Go's exec.Cmd."""

    __go_name__ = "exec.Cmd"

    def __init__(  # noqa: PLR0917
        self,
        path: str = "",
        args: Any = None,
        env: Any = None,
        dir: str = "",
        stdin: Any = None,
        stdout: Any = None,
        stderr: Any = None,
        cancel: Callable[[], error] | None = None,
    ) -> None:
        self.path = path
        self.args: Any = Slice() if args is None else args
        self.env: Any = Slice() if env is None else env
        self.dir = dir
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.process: Process = nil
        self.process_state: ProcessState = nil
        self.err: error = None
        self.cancel: Any = cancel
        self._ctx: Any = None
        self._started = False
        # The child's ends of pipes, which it has itself once it runs; ours, which `wait` closes.
        self._theirs: list[File] = []
        self._ours: list[File] = []
        self._copies: list[Callable[[], error]] = []
        self._copied: Any = None
        self._watched: Any = None

    def string(self) -> str:
        """Return the command as one line, for people: Go's String."""
        args = self._argv()
        return " ".join(args if self.err is not None else [self.path, *args[1:]])

    __str__ = string

    def _argv(self) -> list[str]:
        return list(self.args) or [self.path]

    def environ(self) -> Slice[str]:
        """Return the environment that the program gets: Go's Environ."""
        return Slice._make([f"{key}={value}" for key, value in self._environ().items()], STRING)

    def _environ(self) -> dict[str, str]:
        if self.env is None or getattr(self.env, "is_nil", False):
            found = dict(_os.environ)
            if self.dir:
                found["PWD"] = _os.path.abspath(self.dir)
            return found
        pairs = (entry.partition("=") for entry in self.env)
        return {key: value for key, equals, value in pairs if key and equals}

    # --- files --------------------------------------------------------------------------------------------

    def _child_stdin(self) -> tuple[File, error]:
        if self.stdin is None:
            return self._null(_os.O_RDONLY)
        if isinstance(self.stdin, File):
            return self.stdin, None
        reader, writer, err = os.pipe()
        if err is not None:
            return nil, err
        self._theirs.append(reader)
        self._ours.append(writer)
        self._copies.append(lambda: self._feed(writer))
        return reader, None

    def _feed(self, writer: File) -> error:
        _, err = copy(writer, self.stdin)
        if isinstance(err, os.PathError) and str(err.err) == "broken pipe":
            # The program has ended, or does not read all of its input.
            err = None
        closing = writer.close()
        return closing if err is None else err

    def _child_output(self, w: Any) -> tuple[File, error]:
        if w is None:
            return self._null(_os.O_WRONLY)
        if isinstance(w, File):
            return w, None
        reader, writer, err = os.pipe()
        if err is not None:
            return nil, err
        self._theirs.append(writer)
        self._ours.append(reader)

        def collect() -> error:
            _, failure = copy(w, reader)
            # The program gets an error if it writes more.
            reader.close()
            return failure

        self._copies.append(collect)
        return writer, None

    def _null(self, flag: int) -> tuple[File, error]:
        file, err = os.open_file(os.DEV_NULL, flag, 0)
        if err is None:
            self._theirs.append(file)
        return file, err

    def _files(self) -> tuple[list[File], error]:
        """Return the program's standard input, output and error."""
        stdin, err = self._child_stdin()
        if err is not None:
            return [], err
        stdout, err = self._child_output(self.stdout)
        if err is not None:
            return [], err
        if self.stderr is not None and _same(self.stderr, self.stdout):
            return [stdin, stdout, stdout], None
        stderr, err = self._child_output(self.stderr)
        return [stdin, stdout, stderr], err

    def _pipe_for(self, what: str, name: str, ours: int) -> tuple[File, error]:
        if getattr(self, name) is not None:
            return nil, ErrorString(f"exec: {what} already set")
        if self.process is not None:
            return nil, ErrorString(f"exec: {what}Pipe after process started")
        reader, writer, err = os.pipe()
        if err is not None:
            return nil, err
        mine, its = (reader, writer) if ours == 0 else (writer, reader)
        setattr(self, name, its)
        self._theirs.append(its)
        self._ours.append(mine)
        return mine, None

    def stdin_pipe(self) -> tuple[File, error]:
        """Return a pipe to the program's standard input: Go's StdinPipe."""
        return self._pipe_for("Stdin", "stdin", 1)

    def stdout_pipe(self) -> tuple[File, error]:
        """Return a pipe from the program's standard output, which `wait` closes: Go's StdoutPipe."""
        return self._pipe_for("Stdout", "stdout", 0)

    def stderr_pipe(self) -> tuple[File, error]:
        """Return a pipe from the program's standard error, which `wait` closes: Go's StderrPipe."""
        return self._pipe_for("Stderr", "stderr", 0)

    # --- running ------------------------------------------------------------------------------------------

    def start(self) -> error:
        """Start the program: Go's Start."""
        if self._started:
            return ErrorString("exec: already started")
        self._started = True
        err = self._start()
        _close(self._theirs)
        if err is not None:
            _close(self._ours)
            self._copies = []
            return err
        if self._copies:
            self._copied = gochan.Chan(1)
            self._copy_all()
        if self.cancel is not None and self._ctx is not None and self._ctx.done() is not None:
            self._watched = gochan.Chan()
            gochan.go(self._watch)
        return None

    def _start(self) -> error:
        if not self.path and self.err is None:
            self.err = ErrorString("exec: no command")
        if self.err is not None:
            return self.err
        if self.cancel is not None and self._ctx is None:
            return ErrorString("exec: command with a non-nil Cancel was not created with CommandContext")
        if self._ctx is not None and self._ctx.err() is not None:
            ended: error = self._ctx.err()
            return ended
        files, err = self._files()
        return self._spawn(files) if err is None else err

    def _spawn(self, files: list[File]) -> error:
        if self.dir:
            _, err = os.stat(self.dir)
            if isinstance(err, os.PathError):
                return os.PathError("chdir", err.path, err.err)
        # What was printed before comes before what the program prints.
        flush()
        for file in files:
            if isinstance(file, Pipe):
                file.give_away()
        fds = [file.fd() for file in files]
        if min(fds) < 0:
            # Closed.
            return os.path_error("fork/exec", self.path, OSError(errno.EBADF, ""))
        try:
            child = subprocess.Popen(
                self._argv(),
                executable=self.path,
                stdin=fds[0],
                stdout=fds[1],
                stderr=fds[2],
                cwd=self.dir or None,
                env=self._environ(),
            )
        except OSError as exc:
            return os.path_error("fork/exec", self.path, exc)
        except ValueError:
            # A NUL in an argument.
            return os.path_error("fork/exec", self.path, OSError(errno.EINVAL, ""))
        # The object is not to wait for the child, or to complain that it still runs.
        child.returncode = 0
        self.process = Process(child.pid)
        return None

    def _copy_all(self) -> None:
        """Start what copies to and from the program; `_copied` gets the first error at the end of all."""
        running = len(self._copies)
        first: error = None

        def work(fn: Callable[[], error]) -> None:
            nonlocal running, first
            err = fn()
            first = err if first is None else first
            running -= 1
            if not running:
                self._copied.send(first)

        for fn in self._copies:
            gochan.go(work, fn)

    def _watch(self) -> None:
        """Cancel the program when the context ends, unless `wait` takes the result before."""
        if gochan.select(gochan.send(self._watched, None), gochan.recv(self._ctx.done()))[0] == 0:
            return
        failure = self.cancel()
        err: error = None
        if failure is None:
            err = self._ctx.err()
        elif failure is not ErrProcessDone:
            err = _Canceling(failure)
        self._watched.send(err)

    def wait(self) -> error:
        """Wait for the program's end, and for all that it reads and writes: Go's Wait."""
        if self.process is None:
            return ErrorString("exec: not started")
        if self.process_state is not None:
            return ErrorString("exec: Wait was already called")
        state, err = self.process.wait()
        if err is None and not state.success():
            err = ExitError(state)
        self.process_state = state
        if self._watched is not None:
            canceled = self._watched.recv()
            err = canceled if err is None else err
        if self._copied is not None:
            failure = self._copied.recv()
            self._copied = None
            err = failure if err is None else err
        _close(self._ours)
        return err

    def run(self) -> error:
        """Run the program to its end: Go's Run."""
        err = self.start()
        return self.wait() if err is None else err

    def output(self) -> tuple[Slice[int], error]:
        """Run the program, and return its standard output: Go's Output."""
        if self.stdout is not None:
            return Slice(), ErrorString("exec: Stdout already set")
        self.stdout = out = Buffer()
        kept = _Ends() if self.stderr is None else None
        if kept is not None:
            self.stderr = kept
        err = self.run()
        if kept is not None and isinstance(err, ExitError):
            err.stderr = kept.bytes()
        return out.bytes(), err

    def combined_output(self) -> tuple[Slice[int], error]:
        """Run the program, and return its standard output and error as one: Go's CombinedOutput."""
        if self.stdout is not None:
            return Slice(), ErrorString("exec: Stdout already set")
        if self.stderr is not None:
            return Slice(), ErrorString("exec: Stderr already set")
        self.stdout = self.stderr = out = Buffer()
        err = self.run()
        return out.bytes(), err


class _Canceling(Exception):
    """What cancel returned, as `wait` returns it."""

    def __init__(self, err: Any) -> None:
        super().__init__(f"exec: canceling Cmd: {err}")
        self._err = err

    def error(self) -> str:
        return str(self)

    def unwrap(self) -> Any:
        return self._err


def _same(a: Any, b: Any) -> bool:
    try:
        return equal(a, b)
    except Exception:
        # Not comparable.
        return False


def _close(files: list[File]) -> None:
    for file in files:
        file.close()
    files.clear()


def command(name: str, *arg: str) -> Cmd:
    """Return the command that runs a program with arguments: Go's exec.Command."""
    made = Cmd(name, Slice._make([name, *arg], STRING))
    if "/" not in name:
        path, made.err = look_path(name)
        made.path = path or name
    return made


def command_context(ctx: Any, name: str, *arg: str) -> Cmd:
    """Return a command that is killed when a context ends: Go's exec.CommandContext."""
    if ctx is None:
        panic("nil Context")
    made = command(name, *arg)
    made._ctx = ctx
    # The process is there later.
    made.cancel = lambda: made.process.kill()  # noqa: PLW0108
    return made
