"""Files that Go's compiler puts into a program: //go:embed above a variable."""

from __future__ import annotations

from glob import glob, has_magic
from pathlib import Path

from ..tree import File, Package
from .base import Refuse
from .gotypes import kind_of
from .walk import Node

_DIRECTIVE = "//go:embed "


def embedded_text(package: Package, file: File, spec: Node) -> str | None:
    """Return what is in the file that is embedded into a variable; None if the variable has no directive.

    Raises `Refuse` if the variable is not a string.
    """
    patterns = _patterns(file, spec)
    if not patterns:
        return None
    if kind_of(spec.Names[0].obj.type) != "string":
        raise Refuse(spec, "//go:embed has a translation for strings only; use a string, or os.ReadFile")
    pattern = patterns[-1].strip('"`').removeprefix("all:")
    found = glob(pattern, root_dir=package.folder) if has_magic(pattern) else [pattern]
    if len(found) != 1:
        raise Refuse(spec, f"//go:embed {pattern}: found {len(found)} files, want one")
    try:
        data = Path(package.folder, found[0]).read_bytes()
    except OSError as error:
        raise Refuse(spec, f"//go:embed {pattern}: {error.strerror}") from None
    return data.decode("utf-8", "surrogateescape")


def _patterns(file: File, spec: Node) -> list[str]:
    """Return the patterns of the directives between a variable and what is declared before it."""
    found = [c for c in file.comments if c.line < spec.line and c.text.startswith(_DIRECTIVE)]
    if not found:
        return []
    earlier = (x.end[0] for decl in file.decls for x in decl.__dict__.get("Specs") or [decl])
    before = max((line for line in earlier if line < spec.line), default=0)
    return [c.text.removeprefix(_DIRECTIVE).strip() for c in found if c.line > before]
