"""Bounded parallelism: process a tree of files of any size with only a few files open at a time.

    python bounded_parallelism.py [FOLDER]

The program is a pipeline. One goroutine walks the tree, a fixed number of goroutines read and hash the files
(the slow stage, fanned out), and main prints the sums as `sha256sum` does. If a file can't be read, its
Result carries the error. The `quit` channel, which is closed when main returns, tells all stages to stop
early; here that happens at the third error. Without a folder, the program creates one for the demonstration.
"""

import hashlib
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from gochan import Chan, RecvChan, SendChan, close, defer, go, recv, run, select, send, sync

DIGESTERS = 4
TOO_MANY = 3


class Result(NamedTuple):
    path: Path
    value: str
    error: OSError | None


def walk_files(quit: RecvChan[None], root: Path) -> RecvChan[Path]:
    """Return a channel of all the files below root; buffered, as finding a file is faster than hashing it."""
    paths = Chan[Path](2 * DIGESTERS)

    @go
    def _() -> None:
        defer(close, paths)
        for path in sorted(root.rglob("*")):
            if not path.is_dir():
                match select(send(paths, path), recv(quit)):
                    case 0, _, _:
                        pass
                    case _:
                        return

    return paths


def sha256(path: Path) -> Result:
    try:
        with path.open("rb") as file:
            return Result(path, hashlib.file_digest(file, "sha256").hexdigest(), None)
    except OSError as error:
        return Result(path, "", error)


def digester(quit: RecvChan[None], paths: RecvChan[Path], results: SendChan[Result]) -> None:
    """Hash files until there are no more, or until quit is closed."""
    for path in paths:
        match select(send(results, sha256(path)), recv(quit)):
            case 0, _, _:
                pass
            case _:
                return


def digest_all(quit: RecvChan[None], root: Path) -> RecvChan[Result]:
    """Return a channel of the sums of all the files below root, in no particular order."""
    paths = walk_files(quit, root)
    results = Chan[Result]()
    wg = sync.WaitGroup()
    for _ in range(DIGESTERS):
        wg.go(digester, quit, paths, results)

    @go
    def closer() -> None:
        wg.wait()
        close(results)

    return results


def main(root: Path) -> int:
    quit = Chan[None]()
    defer(close, quit)
    errors = 0
    for path, value, error in digest_all(quit, root):
        if error is None:
            print(f"{value}  {path.relative_to(root)}")
            continue
        print(f"{path.relative_to(root)}: {error.strerror}", file=sys.stderr)
        errors += 1
        if errors == TOO_MANY:
            print("too many errors: giving up", file=sys.stderr)
            break
    return 1 if errors else 0


def sample(root: Path) -> None:
    """Fill a folder with files of different sizes."""
    for i in range(12):
        folder = root / f"shelf{i % 3}"
        folder.mkdir(exist_ok=True)
        (folder / f"book{i:02}.txt").write_text(f"page of book {i}\n" * 2000 * i)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(run(main, Path(sys.argv[1])))
    with tempfile.TemporaryDirectory() as folder:
        sample(Path(folder))
        sys.exit(run(main, Path(folder)))
