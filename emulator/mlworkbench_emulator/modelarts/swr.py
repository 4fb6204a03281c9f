"""Remember which image contents SWR holds. Knows paths only; nothing of ModelArts' own records."""

from __future__ import annotations

from ..store import Store

__all__ = ["SwrContents"]

REMOVED = "swr-removed"


class SwrContents:
    """Every path holds an image, as if it had been pushed, until its content is removed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def has(self, swr_path: str) -> bool:
        return swr_path not in self.removed()

    def remove(self, swr_path: str) -> None:
        self._store.set_value(REMOVED, sorted({*self.removed(), swr_path}))

    def push(self, swr_path: str) -> None:
        """Put content back, as `docker push` would."""
        self._store.set_value(REMOVED, sorted({*self.removed()} - {swr_path}))

    def removed(self) -> list[str]:
        paths = self._store.value(REMOVED)
        return [str(path) for path in paths] if isinstance(paths, list) else []
