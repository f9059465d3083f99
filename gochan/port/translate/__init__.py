"""The translator: from the typed tree of a Go program to Python, a pass a concern.

`translate` is the entry.  The passes are one class, in a chain of base classes, from base.py (state) up:

- gotypes.py maps types; order.py keeps the order of evaluation.
- expressions.py, operators.py, constants.py, literals.py (composite ones): expressions.
- conversions.py, builtin.py, calls.py (the program's own functions), foreign.py (Go's library), printing.py
  (formats): calls.
- statements.py, jumps.py, switches.py, counted.py (loops over numbers), loops.py, concurrency.py,
  functions.py: statements.
- durations.py: times as seconds; instances.py: classes that several modules need.
- items.py: the declarations of a module; classes.py: types; packages.py puts a module together,
  translator.py a program.

names.py chooses names and scopes.py finds captures and assignments.
"""

from .translator import Result, translate

__all__ = ["Result", "translate"]
