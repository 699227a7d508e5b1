"""Every address of the product, read from the URL configuration itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Address:
    """One address: its name, the path with its arguments, the view, and what was declared on it (None: nothing)."""

    name: str
    path: str
    view: Callable[..., Any]
    methods: tuple[str, ...]
    declared: Any


def _walk(patterns: list[URLPattern | URLResolver], path: str, namespace: str) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for entry in patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, here, inner)
        else:
            yield f"{namespace}{entry.name or here}", here, entry.callback


def addresses() -> list[Address]:
    """All of them. An endpoint of the machine interface has one entry for each operation."""
    found: list[Address] = []
    for name, path, view in _walk(get_resolver().url_patterns, "", ""):
        path_view = getattr(view, "__self__", None)
        operations = getattr(path_view, "operations", None) or _operations(view)
        if operations:
            found += [
                Address(f"{name}.{method.lower()}", path, operation.view_func, (method,), getattr(operation.view_func, "declared", None))
                for operation in operations
                for method in operation.methods
            ]
        else:
            declared = getattr(view, "declared", None)
            found.append(Address(name, path, view, getattr(declared, "methods", ("GET",)), declared))
    return found


def _operations(view: Callable[..., Any]) -> list[Any]:
    """The operations behind a view of ninja, which hides its path view in a closure."""
    for cell in getattr(view, "__closure__", None) or ():
        held = cell.cell_contents
        if hasattr(held, "operations"):
            return list(held.operations)
    return []
