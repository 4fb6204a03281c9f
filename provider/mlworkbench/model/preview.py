"""Know what the outputs will be before anything is called. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from .policy import Computed, Policy, ServerDefault
from .values import UNKNOWN, Tree

__all__ = ["preview"]


def preview(spec: Mapping[str, Policy], inputs: Tree, state: Tree | None = None) -> Tree:
    """Foretell the outputs of a create, or of an update of `state`: known where they cannot be otherwise."""
    before = state or {}
    outputs = dict(inputs)
    for name, policy in spec.items():
        computed = policy.mark(Computed)
        if computed:
            outputs[name] = before.get(name, UNKNOWN) if computed.stable else UNKNOWN
        elif ServerDefault in policy and name not in inputs:
            outputs[name] = before.get(name, UNKNOWN)
    return outputs
