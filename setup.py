"""Builds the C implementation of the engine; everything else about the project is in pyproject.toml.

Without a C compiler or Python's headers, gochan is installed all the same and uses its Python implementation.

GOCHAN_PURE=1              build nothing
GOCHAN_REQUIRE_COMPILED=1  fail if the C does not build
GOCHAN_PUBLIC_API=1        use public C APIs only, as with unknown versions of CPython and greenlet
"""

import os
import runpy
import sys
from glob import glob
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext


def wanted(variable: str) -> bool:
    return os.environ.get(variable, "") not in ("", "0")


flags = [] if sys.platform == "win32" else ["-fvisibility=hidden", "-fno-semantic-interposition", "-fno-plt"]
if flags and "-O" not in os.environ.get("CFLAGS", ""):
    flags.append("-O3")


class BuildEngine(build_ext):
    def run(self) -> None:
        target = Path(self.get_ext_fullpath(engine.name))
        try:
            super().run()
        except Exception as error:
            target.unlink(missing_ok=True)  # an earlier build
            if wanted("GOCHAN_REQUIRE_COMPILED"):
                raise
            self.extensions = []
            print(f"gochan: using the slower Python implementation, as the C does not build: {error}"[:200])

    def build_extension(self, extension: Extension) -> None:
        import greenlet

        runpy.run_path("gochan/_engine/c/docstrings.py")["write"](Path(self.build_temp, "docstrings.h"))
        extension.include_dirs += [self.build_temp, str(Path(greenlet.__file__).parents[1])]
        super().build_extension(extension)


engine = Extension(
    "gochan._engine._c",
    ["gochan/_engine/c/engine.c"],
    depends=glob("gochan/_engine/c/*.[ch]") + glob("gochan/_engine/py/*.py"),
    define_macros=[("GOCHAN_PUBLIC_API", "1")] if wanted("GOCHAN_PUBLIC_API") else [],
    extra_compile_args=flags,
)
setup(ext_modules=[] if wanted("GOCHAN_PURE") else [engine], cmdclass={"build_ext": BuildEngine})
