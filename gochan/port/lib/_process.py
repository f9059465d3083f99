"""Processes: what os.FindProcess and os/exec give, to signal them and to wait for their end."""

from __future__ import annotations

import errno
import os
import signal
from typing import Any

from ._errors import ErrorString
from ._types import error, nil, uint32
from ._types import error as _error
from .syscall import signal_text

ErrProcessDone = ErrorString("os: process already finished")
_RELEASED = ErrorString("os: process already released")


class WaitStatus(int):
    """How a process ended, in the system's coding: Go's syscall.WaitStatus."""

    __slots__ = ()
    __go_name__ = "syscall.WaitStatus"
    __go_under__ = uint32

    def exited(self) -> Any:
        """Return whether the process ended by itself: Go's Exited."""
        return os.WIFEXITED(self)

    def exit_status(self) -> Any:
        """Return the exit status, -1 if a signal ended the process: Go's ExitStatus."""
        return os.WEXITSTATUS(self) if os.WIFEXITED(self) else -1

    def signaled(self) -> Any:
        """Return whether a signal ended the process: Go's Signaled."""
        return os.WIFSIGNALED(self)

    def signal(self) -> Any:
        """Return the signal that ended the process, -1 if none did: Go's Signal."""
        return signal.Signals(os.WTERMSIG(self)) if os.WIFSIGNALED(self) else -1

    def core_dump(self) -> Any:
        """Return whether the system wrote the process's memory to a file: Go's CoreDump."""
        return os.WIFSIGNALED(self) and os.WCOREDUMP(self)


class ProcessState:
    """How a process ended: Go's *os.ProcessState."""

    __go_name__ = "os.ProcessState"

    def __init__(self, pid: int, status: int) -> None:
        self._pid = pid
        self._status = WaitStatus(status)

    def pid(self) -> int:
        """Return the process's number: Go's Pid."""
        return self._pid

    def exited(self) -> bool:
        """Return whether the process ended by itself, and not by a signal: Go's Exited."""
        return bool(self._status.exited())

    def success(self) -> bool:
        """Return whether the exit status is 0: Go's Success."""
        return self.exit_code() == 0

    def exit_code(self) -> int:
        """Return the exit status, -1 if a signal ended the process: Go's ExitCode."""
        return int(self._status.exit_status())

    def sys(self) -> Any:
        """Return the system's coding of this: Go's Sys."""
        return self._status

    def string(self) -> str:
        """Return how the process ended: Go's String.

        >>> ProcessState(1, 3 << 8).string(), ProcessState(1, 9).string()
        ('exit status 3', 'signal: killed')
        """
        status = self._status
        if status.exited():
            return f"exit status {self.exit_code()}"
        return f"signal: {signal_text(os.WTERMSIG(status))}" + " (core dumped)" * bool(status.core_dump())

    __str__ = string


class SyscallError(Exception):
    """A call of the system failed: Go's *os.SyscallError."""

    __go_name__ = "os.SyscallError"

    def __init__(self, syscall: str, err: _error) -> None:
        super().__init__(f"{syscall}: {err}")
        self.syscall = syscall
        self.err = err

    def error(self) -> str:
        """Return the text: Go's Error."""
        return str(self)

    def unwrap(self) -> _error:
        """Return the error of the system: Go's Unwrap."""
        return self.err


class Process:
    """A process: Go's *os.Process."""

    __go_name__ = "os.Process"

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._over: error = None  # why it can't be signaled any more

    def signal(self, sig: int) -> error:
        """Send a signal: Go's Signal."""
        if self._over is not None:
            return self._over
        try:
            os.kill(self.pid, sig)
        except ProcessLookupError:
            return ErrProcessDone
        except OSError as exc:
            return errno_of(exc)
        return None

    def kill(self) -> error:
        """Kill the process: Go's Kill."""
        return self.signal(signal.SIGKILL)

    def wait(self) -> tuple[ProcessState, error]:
        """Wait for the end of a child of this program, while other goroutines run: Go's Wait."""
        if self._over is _RELEASED:
            return nil, errno_of(OSError(errno.EINVAL, ""))
        try:
            _wait_for(self.pid)
            pid, status = os.waitpid(self.pid, 0)
        except OSError as exc:
            return nil, SyscallError("waitid" if _HAS_DESCRIPTORS else "wait", errno_of(exc))
        self._over = ErrProcessDone
        return ProcessState(pid, status), None

    def release(self) -> error:
        """Give the process up, which is not waited for any more: Go's Release."""
        self._over = _RELEASED
        return None


_HAS_DESCRIPTORS = hasattr(os, "pidfd_open")


def _wait_for(pid: int) -> None:
    """Let other goroutines run until a child has ended.  Raises OSError if it is no child."""
    from gochan import net, thread

    # The process has not been reaped: until it is, the system gives its number to no other process.
    if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
        return
    try:
        fd = os.pidfd_open(pid) if _HAS_DESCRIPTORS else -1
    except OSError:
        # An old kernel, or no descriptor is left.
        fd = -1
    if fd < 0:
        thread.call(os.waitid, os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        return
    try:
        net.wait_readable(fd)
    finally:
        os.close(fd)


def find_process(pid: int) -> tuple[Process, error]:
    """Return a process, which need not exist: Go's os.FindProcess."""
    return Process(pid), None


def errno_of(exc: OSError) -> error:
    """Return the error of the system that Python's exception stands for: Go's syscall.Errno."""
    from .os import errno_error

    return errno_error(exc.errno or 0)
