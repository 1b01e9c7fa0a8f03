"""Modules that are imported when something of them is used, and not before.

Belongs here: putting off an import that a library makes and that most runs do not need. Does not belong here: our own
imports, which stand where they are needed.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys


def later(*names: str) -> None:
    """Let ``from package import module`` only note each ``package.module``; its code runs at the first use of anything in it.

    A module that is imported already, or is not installed, stays as it is. The standard library's own means
    (:class:`importlib.util.LazyLoader`): the module is the same one afterwards, for everybody.
    """
    for name in names:
        if name in sys.modules:
            continue
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            continue
        spec.loader = importlib.util.LazyLoader(spec.loader)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        package, _, own = name.rpartition(".")
        setattr(importlib.import_module(package), own, module)
