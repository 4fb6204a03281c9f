"""Keep the records of the fake clouds, in memory and, if asked, in an SQLite file. Knows no vendor and no states."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

__all__ = ["Facts", "Record", "Step", "Store", "StoreError"]

Facts = dict[str, object]


class StoreError(Exception):
    """The state file cannot be used."""


@dataclass(frozen=True)
class Step:
    """One coming change of a record: new facts, or that it is gone."""

    facts: Mapping[str, object] = field(default_factory=dict)
    gone: bool = False


@dataclass
class Record:
    """A resource: its facts under the vendor's names, and where it is on its way.

    `owner` is the account or project that it belongs to. `marks` are moments and sums that no answer shows as they are.
    """

    kind: str
    id: str
    owner: str
    number: int
    facts: Facts
    since: float
    walk: list[Step] = field(default_factory=list)
    reads: int = 0
    marks: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Record:
        values = json.loads(text)
        values["walk"] = [Step(**step) for step in values["walk"]]
        return cls(**values)


class Store:
    """All records by kind and id, in the order of their making, and named values beside them."""

    def __init__(self, path: Path | None = None) -> None:
        self._records: dict[str, dict[str, Record]] = {}
        self._values: dict[str, object] = {}
        self._file = None if path is None else _StateFile(path)
        if self._file is not None:
            for record in self._file.records():
                self._of_kind(record.kind)[record.id] = record
            self._values = self._file.values()

    def find(self, kind: str, record_id: str) -> Record | None:
        return self._of_kind(kind).get(record_id)

    def all(self, kind: str, owner: str | None = None) -> list[Record]:
        return [record for record in self._of_kind(kind).values() if owner in (None, record.owner)]

    def save(self, record: Record) -> None:
        self._of_kind(record.kind)[record.id] = record
        if self._file is not None:
            self._file.write_record(record)

    def remove(self, record: Record) -> None:
        self._of_kind(record.kind).pop(record.id, None)
        if self._file is not None:
            self._file.remove_record(record)

    def value(self, name: str) -> object:
        return self._values.get(name)

    def set_value(self, name: str, value: object) -> None:
        self._values[name] = value
        if self._file is not None:
            self._file.write_value(name, value)

    def next_number(self, sequence: str, first: int = 1) -> int:
        last = self.value(sequence)
        number = last + 1 if isinstance(last, int) else first
        self.set_value(sequence, number)
        return number

    def clear(self) -> None:
        self._records.clear()
        self._values.clear()
        if self._file is not None:
            self._file.clear()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _of_kind(self, kind: str) -> dict[str, Record]:
        return self._records.setdefault(kind, {})


class _StateFile:
    """The SQLite side of a store. Each write is committed by itself, so a killed emulator loses nothing."""

    def __init__(self, path: Path) -> None:
        try:
            # The emulator answers from a thread of its own and takes one request at a time.
            self._db = sqlite3.connect(path, timeout=0.2, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise StoreError(f"cannot open the state file {path}: {error}") from error
        try:
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS records"
                " (kind TEXT, id TEXT, number INTEGER, record TEXT, PRIMARY KEY (kind, id))"
            )
            self._db.execute("CREATE TABLE IF NOT EXISTS named (name TEXT PRIMARY KEY, value TEXT)")
        except sqlite3.Error as error:
            self._db.close()
            raise StoreError(f"cannot use the state file {path}: {error}") from error

    def records(self) -> list[Record]:
        rows = self._db.execute("SELECT record FROM records ORDER BY number").fetchall()
        return [Record.from_json(text) for (text,) in rows]

    def values(self) -> dict[str, object]:
        return {name: json.loads(text) for name, text in self._db.execute("SELECT name, value FROM named").fetchall()}

    def write_record(self, record: Record) -> None:
        row = (record.kind, record.id, record.number, record.to_json())
        self._db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", row)

    def remove_record(self, record: Record) -> None:
        self._db.execute("DELETE FROM records WHERE kind = ? AND id = ?", (record.kind, record.id))

    def write_value(self, name: str, value: object) -> None:
        self._db.execute("INSERT OR REPLACE INTO named VALUES (?, ?)", (name, json.dumps(value)))

    def clear(self) -> None:
        self._db.execute("DELETE FROM records")
        self._db.execute("DELETE FROM named")

    def close(self) -> None:
        self._db.close()
