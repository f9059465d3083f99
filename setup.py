"""Compiles the engine, where that can be done: its hot half is in C, and most of the rest goes through mypyc.

The one reason that this file exists: setuptools takes extension modules from nowhere else. Every plain fact
about the project is in pyproject.toml.

All or nothing: mypyc puts its modules into one shared library that they all need, so a package with some of
them compiled and some not would break. Whatever goes wrong on the way (no mypy, no C compiler, no
Python headers), what was built so far is removed and the package is installed to run interpreted from its .py
files, which are always installed too. `gochan.runtime.COMPILED` tells which of the two an installation is.

Read from the environment:
    GOCHAN_PURE=1              compile nothing
    GOCHAN_REQUIRE_COMPILED=1  fail, rather than fall back, when something cannot be compiled
"""

import os
import re
import sys
import sysconfig
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# setuptools runs this file for each of its steps; the others (metadata, an sdist) need no extensions.
BUILDING = {"bdist_wheel", "build", "build_ext", "editable_wheel"} & set(sys.argv)
IN_PLACE = {"build_ext", "editable_wheel"} & set(sys.argv)

PURE = os.environ.get("GOCHAN_PURE", "") not in ("", "0")
REQUIRED = os.environ.get("GOCHAN_REQUIRE_COMPILED", "") not in ("", "0")

# What mypyc does not compile. It cannot: subclasses of exceptions and of datetime, runtime protocols,
# decorators whose result is a real function, and a class that has weak references to it. It need not: proc,
# runtime2, chan and select, whose hot halves are in core.c.
INTERPRETED = {
    "__init__.py",
    "accelerate.py",
    "chan.py",
    "core.py",
    "defers.py",
    "ends.py",
    "error.py",
    "instant.py",
    "locker.py",
    "oncefunc.py",
    "pool.py",
    "proc.py",
    "runtime2.py",
    "select.py",
}


def engine_sources() -> list[str]:
    """The modules that are compiled: the engine, and the packages whose speed a program feels."""
    packages = [*Path("gochan/runtime").glob("*.py"), *Path("gochan/sync").glob("*.py")]
    modules = [path for path in packages if path.name not in INTERPRETED]
    modules.append(Path("gochan/time.py"))
    return sorted(str(path) for path in modules)


def fall_back(error: BaseException) -> None:
    """Report that gochan will run interpreted because of `error`; raise it where compiling is required."""
    if REQUIRED:
        raise error
    print(f"gochan: the engine is not compiled ({type(error).__name__}: {error}).", file=sys.stderr)
    print("gochan: it will run interpreted, which is correct but slower.", file=sys.stderr)


def refuse_weak_references(extensions: list[Extension]) -> None:
    """Take out of the C code that an object could have weak references to it.

    Before 3.12, mypyc says so of each class that has a __dict__, but frees the object without telling them,
    and the next look at one of them reads freed memory.
    """
    for extension in extensions:
        for path in map(Path, extension.sources):
            text = path.read_text(encoding="utf-8")
            safe = re.sub(r"^ *\.tp_weaklistoffset = .*,\n", "", text, flags=re.MULTILINE)
            if safe != text:
                path.write_text(safe, encoding="utf-8")


def core() -> Extension:
    """The engine's hot half, in C on greenlet's C interface."""
    import greenlet

    return Extension(
        "gochan.runtime.core",
        ["gochan/runtime/core.c"],
        include_dirs=[str(Path(greenlet.__file__).parents[1])],
        extra_compile_args=[] if sys.platform == "win32" else ["-O3"],
    )


def engine() -> list[Extension]:
    """Translate the engine to C; return its extension modules, or none where mypyc cannot do that."""
    if PURE or not BUILDING:
        return []
    try:
        from mypyc.build import mypycify

        # No configuration file: the checks that the project holds itself to must not break the build of a
        # user whose mypy is newer.
        extensions = mypycify(
            ["--config-file=", *engine_sources()],
            opt_level="3",
            multi_file=False,
            group_name="gochan.runtime.engine",
        )
        extensions.append(core())
    except (Exception, SystemExit) as error:  # mypycify reports a type error by leaving
        fall_back(error)
        return []
    if sys.version_info < (3, 12):
        refuse_weak_references(extensions)
    if sys.platform != "win32":
        # Calls within the library need no detour through its symbol table: 8 to 12 % of a channel operation.
        for extension in extensions:
            extension.extra_compile_args += ["-fvisibility=hidden", "-fno-semantic-interposition", "-fno-plt"]
    return extensions


class BuildEngine(build_ext):
    """build_ext that leaves either every extension module or none."""

    def run(self) -> None:
        try:
            super().run()
        except Exception as error:
            for extension in self.extensions:
                Path(self.get_ext_fullpath(extension.name)).unlink(missing_ok=True)
            fall_back(error)
            self.extensions = []


def forget_engine_in_place() -> None:
    """Remove an earlier in-place build, which would hide the sources it was made from once they change."""
    for path in Path("gochan").rglob("*" + sysconfig.get_config_var("EXT_SUFFIX")):
        path.unlink()


if __name__ == "__main__":
    if IN_PLACE:
        forget_engine_in_place()
    setup(ext_modules=engine(), cmdclass={"build_ext": BuildEngine})
