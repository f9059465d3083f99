"""Waiting for others: Go's package sync."""

from .waitgroup import WaitGroup

__all__ = ["WaitGroup"]
