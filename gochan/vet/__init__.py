"""Static checks for programs that use gochan: `python -m gochan vet`, and the flake8 plugin GOC.

A file is parsed, never imported.  `model` reads its scopes and bindings, `infer` says what an expression refers
to, and each module of checks has some of them: `channels` and `selects` (GOC1xx), `routines` and `blocking`
(GOC2xx), `locks` and `copies` (GOC3xx), `contexts` (GOC4xx and GOC5xx).  `table` lists them all.

Invariant: what can't be resolved is not reported.  A check asks `infer` what a name is and stays silent if it
doesn't know.
"""

from .driver import Unreadable, check_source, check_tree
from .file import Finding

__all__ = ["Finding", "Unreadable", "check_source", "check_tree"]
