"""Make up acceptable inputs of the made-up resource. Knows its declaration."""

from __future__ import annotations

from hypothesis import strategies as st

from mlworkbench.model.values import Tree, Value

__all__ = ["inputs"]

Parts = dict[str, st.SearchStrategy[Value]]


def _object(
    required: dict[str, st.SearchStrategy[Value]], **optional: st.SearchStrategy[Value]
) -> st.SearchStrategy[Tree]:
    return st.fixed_dictionaries(required, optional=optional)


texts = st.text(st.characters(codec="utf-8"), max_size=8)
colours = st.sampled_from(["BLUE", "blue", "DARK_RED", "Dark_Red"])
mounts = _object({}, path=texts, key=texts)
disks = _object({"sizeGb": st.integers(1, 100)}, kind=colours, fullPath=texts)
boxes = _object({}, mount=mounts, label=texts, serial=texts)
options = st.sampled_from(['{"a":1,"b":2}', '{"b": 2, "a": 1}', '{"a": 2}', "{}", ""])

inputs = _object(
    {"size": st.integers(-5, 5)},
    name=st.from_regex(r"\A[A-Za-z0-9_-]{1,20}\Z"),
    note=texts,
    region=texts,
    ratio=st.one_of(st.integers(-3, 3), st.floats(allow_nan=False, allow_infinity=False)),
    enabled=st.booleans(),
    colour=colours,
    colours=st.lists(colours, max_size=4, unique_by=str.casefold),
    zones=st.lists(texts, max_size=4, unique=True),
    words=st.lists(texts, max_size=3),
    disks=st.lists(disks, max_size=3),
    fixedDisks=st.lists(disks, max_size=3),
    disk=disks,
    box=boxes,
    fixedBox=boxes,
    labels=st.dictionaries(texts, texts, max_size=3),
    boxes=st.dictionaries(texts, boxes, max_size=2),
    options=options,
    path=texts,
    password=texts,
    desired=texts,
)
