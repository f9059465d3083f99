"""Records a program on a virtual clock, so that each run of it gives the same file.

`record` runs a program in a process of its own, in which the clock stands still while goroutines run.  When
all of them wait, it jumps to the next timer: a sleep of an hour takes no time.  Chance has a fixed seed.
Nothing else is different, so that goroutines have the numbers and the order that they always have.  (A
bubble of synctest would give them others, and its clock stops while a goroutine waits for a mutex.)
Channels and locks are named after the variables to which the program assigns them.

Each event takes a step in the file: see `_stepping`.

If a program waits for sockets, other threads or processes as well as for a timer, they get GRACE of real time
before the clock jumps.
"""

from __future__ import annotations

import ast
import json
import os
import random
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gochan import trace
from gochan._engine.impl import sched
from gochan._engine.netpoll import IdleSleep, WithoutLoop
from gochan._engine.program import program as gochan_program
from gochan.trace import _recorder
from gochan.trace._stepping import STEP, SteppingWriter

if TYPE_CHECKING:
    from gochan._engine.impl import FD

PACKAGES = Path(__file__).resolve().parents[2]
# In nanoseconds.
GRACE = 50_000_000
# The readings of the wall clock and the monotonic clock when a program starts: midnight UTC 2000-01-01, as
# in a bubble of synctest, and an hour after the machine was started.
WALL, MONOTONIC = 946_684_800_000_000_000, 3_600_000_000_000

# The classes whose objects are named after variables, and the function that does it.
NAMED = {"Chan", "Mutex", "RWMutex", "WaitGroup", "Cond", "new_cond"}
NAME = "__gochan_trace_name__"


class ProgramError(Exception):
    """A program can't be recorded, or did not end as it should."""


def record(program: Path, *, step: int = STEP, fails: bool = False, timeout: float = 60) -> dict[str, Any]:
    """Run the program, and return the decoded trace.

    `step` is in nanoseconds, `timeout` in seconds.  otherData has a list "modules" of the modules from the
    program's folder that it imported, as paths relative to that.

    Raises `ProgramError` if the program fails, or doesn't although `fails` is true, if it takes too long, or
    if it has no goroutines.
    """
    with tempfile.TemporaryDirectory(prefix="gochan-timeline-") as name:
        out = Path(name, "trace.json")
        environ = os.environ | {
            # The clock can be set in the Python implementation only.
            "GOCHAN_PURE": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONIOENCODING": "utf-8",
            # The running gochan, wherever it was imported from.
            "PYTHONPATH": os.pathsep.join(filter(None, [str(PACKAGES), os.environ.get("PYTHONPATH", "")])),
        }
        environ.pop("GOCHAN_TRACE", None)
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", __name__, program.name, out, str(step)],
                cwd=program.parent,
                env=environ,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ProgramError(f"it did not end within {timeout:g} s") from None
        failure = _last_lines(done.stderr)
        if done.returncode and not fails:
            raise ProgramError(f"it fails with status {done.returncode}:\n{failure}")
        if not done.returncode and fails:
            raise ProgramError("it must fail, and does not")
        if not out.exists() or not out.stat().st_size:
            raise ProgramError("nothing was recorded: the program left without ending, as with os._exit")
        trace: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    if not any(event["ph"] == "X" for event in trace["traceEvents"]):
        raise ProgramError("nothing was recorded: the program has no goroutines")
    return trace


def _last_lines(stderr: bytes, most: int = 30) -> str:
    lines = stderr.decode("utf-8", "replace").rstrip().splitlines()
    if len(lines) > most:
        lines[:-most] = ["..."]
    return "\n".join(lines)


# --- in the process of its own --------------------------------------------------------------------------


class VirtualSleep(WithoutLoop):
    """Replaces the program's idle sleep: instead of sleeping it advances the clock."""

    def __init__(self) -> None:
        self._real = IdleSleep()

    def wait(self, ns: int) -> bool:
        """Set the clock ns nanoseconds later; with -1, sleep until woken. Return whether it was woken."""
        outside = self._real.pending() or gochan_program.wakers or gochan_program.other_threads_running()
        if ns < 0:
            return self._real.wait(ns)
        if outside and (self._real.wait(min(ns, GRACE)) or sched.runnable()):
            return True
        moment = sched.moment
        assert moment is not None
        sched.moment = moment + ns
        return False

    def pending(self) -> bool:
        """Return whether a goroutine waits for a descriptor, whose event may wake it."""
        return self._real.pending()

    def wake(self) -> None:
        """End the wait that is under way, or the next one."""
        self._real.wake()

    def arm(self, fd: FD, mode: bool | None) -> None:
        """Ask for one event of a descriptor: the engine's hook."""
        self._real.arm(fd, mode)


def stop_the_clock() -> None:
    """Put the virtual clock in the place of the real one, and seed what is random."""
    from gochan._engine.py import time as clocks

    clocks._OFFSET = WALL - MONOTONIC  # type: ignore[misc]
    sched.moment = MONOTONIC
    gochan_program.idle = VirtualSleep()
    sched.random = 1
    random.seed(0)


def shortened(place: str) -> str:
    """Return a place in the source without the folders that differ from one machine to the next."""
    path = Path(place)
    if not path.is_absolute():
        return place
    for base in (PACKAGES, *(Path(sysconfig.get_path(name)) for name in ("purelib", "stdlib"))):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.name


def imported(folder: Path) -> list[str]:
    """Return the files of the modules below a folder that are imported, relative to it."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    paths = {Path(file).resolve() for file in files if file}
    return sorted(path.relative_to(folder).as_posix() for path in paths if path.is_relative_to(folder))


class Naming(ast.NodeTransformer):
    """Names channels and locks after the variables and attributes to which they are assigned.

    `jobs = Chan[int](3)` becomes `jobs = Chan[int](3); __name(jobs, 'jobs')`, on the same line.
    """

    def visit_Assign(self, node: ast.Assign) -> Any:
        """Name what is assigned, also in a tuple."""
        pairs: list[tuple[ast.expr, ast.expr]] = []
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs += zip(target.elts, node.value.elts, strict=False)
            else:
                pairs.append((target, node.value))
        return [node, *filter(None, (self.naming(*pair) for pair in pairs))]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        """Name what is assigned to an annotated variable."""
        naming = None if node.value is None else self.naming(node.target, node.value)
        return node if naming is None else [node, naming]

    @staticmethod
    def naming(target: ast.expr, value: ast.expr) -> ast.stmt | None:
        """Return the statement that names what is assigned, if it is a new channel or lock."""
        if not isinstance(target, (ast.Name, ast.Attribute)) or not isinstance(value, ast.Call):
            return None
        made = value.func.value if isinstance(value.func, ast.Subscript) else value.func
        if not isinstance(made, (ast.Name, ast.Attribute)):
            return None
        if (made.id if isinstance(made, ast.Name) else made.attr) not in NAMED:
            return None
        variable = ast.parse(ast.unparse(target), mode="eval").body
        text = ast.Constant(target.id if isinstance(target, ast.Name) else target.attr)
        statement = ast.Expr(ast.Call(ast.Name(NAME, ast.Load()), [variable, text], []))
        for part in ast.walk(statement):
            ast.copy_location(part, target)
        return statement


def name(thing: Any, text: str) -> None:
    """Name a channel or lock in the recording, unless its class only has the name of one of gochan's."""
    with suppress(TypeError):
        trace.name(thing, text)


def run_as_main(path: str) -> None:
    """Run a program as `python path` does, with names for its channels and locks."""
    module = ModuleType("__main__")
    module.__file__ = path
    vars(module)[NAME] = name
    sys.modules["__main__"] = module
    tree = Naming().visit(ast.parse(Path(path).read_bytes(), path))
    exec(compile(tree, path, "exec", dont_inherit=True), vars(module))


def main(arguments: Sequence[str]) -> None:
    """Record the program: its file name, that of the trace, the step."""
    program, out, step = arguments
    folder = Path.cwd()
    sys.argv = [program]
    sys.path.insert(0, str(folder))
    stop_the_clock()
    SteppingWriter.step = int(step)
    _recorder.Recording.writer = SteppingWriter
    _recorder.start(out)
    try:
        run_as_main(program)
    finally:
        _recorder.stop()
        path = Path(out)
        data = json.loads(path.read_text(encoding="utf-8"))
        for event in data["traceEvents"]:
            for key in event.get("args", {}).keys() & {"at", "to"}:
                event["args"][key] = shortened(event["args"][key])
        data["otherData"]["modules"] = [file for file in imported(folder.resolve()) if file != program]
        del data["otherData"]["started"]
        path.write_text(json.dumps(data), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
