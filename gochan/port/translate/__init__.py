"""The translator: from the typed tree of a Go program to Python, a pass a concern.

`translate` is the entry.  names.py chooses names, scopes.py finds captures and assignments, order.py keeps
the order of evaluation, gotypes.py maps types; expressions.py, calls.py, statements.py, control.py,
concurrency.py, functions.py and durations.py translate what their names say; packages.py puts a module
together, translator.py a program.
"""

from .translator import Result, translate

__all__ = ["Result", "translate"]
