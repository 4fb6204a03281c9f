"""Know how a secret looks when it is echoed, and take it out of a text. Know no service and no call.

A text is compared with a secret in a form that forgets how either is written: escapes of JSON, HTML and addresses are
undone as often as they go, blanks run together. What two texts have in common in this form, they may share by chance;
nobody misses that.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from urllib.parse import quote, quote_plus

__all__ = ["Together", "redacted"]

_MARK = "[secret]"

# Shorter ones are found by chance everywhere, if they are not compared letter by letter.
_SHORTEST = 4
# Who echoes an echo escapes it once more.
_ROUNDS = 4

_BYTES = r"(?:(?:%|\\+x)[0-9A-Fa-f]{2})+"
_ESCAPE = re.compile(rf"(?P<bytes>{_BYTES})|\\+u(?P<unit>[0-9A-Fa-f]{{4}})|(?P<entity>&#?\w{{1,31}};)")
_HEX = re.compile(r"[0-9A-Fa-f]{2}(?=[%\\]|$)")
_PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
_BLANK = re.compile(r"[\s+]+|\\+")
_LETTERS = ("\\u{:04x}", "\\u{:04X}", "&#{};", "&#x{:x};", "&#x{:X};", "&#x{:02x};", "&#x{:02X};")
# What is written in one of these and read in the other is not what it was.
_MISREAD = (("utf-8", "latin-1"), ("latin-1", "utf-8"), ("gb18030", "utf-8"), ("utf-8", "gb18030"))


@dataclass(frozen=True)
class Together:
    """The secrets of several holders, each of which may learn more of them."""

    holders: tuple[Iterable[str], ...] = field(repr=False)

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self.holders)


def redacted(text: str, secrets: Iterable[str]) -> str:
    """Return a text with a mark in place of every secret, however it is escaped."""
    found = sorted(_places(text, tuple(sorted(filter(str.strip, secrets)))))
    parts, end = list[str](), 0
    for start, stop in found:
        if start >= end:
            parts += (text[end:start], _MARK)
        end = max(end, stop)
    return "".join((*parts, text[end:]))


def _places(text: str, secrets: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    plain = _Plain(text if secrets else "")
    for secret in secrets:
        literal, loose = _forms(secret)
        for form in literal:
            yield from _occurrences(form, text)
        for form in loose:
            for start, stop in _occurrences(form, plain.text):
                yield plain.starts[start], plain.ends[stop - 1]


def _occurrences(form: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(form)
    while start >= 0:
        yield start, start + len(form)
        start = text.find(form, start + 1)


@lru_cache(maxsize=64)
def _forms(secret: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a secret looks like letter by letter, and what is left of it when all escapes are undone."""
    bare = secret.strip()
    written = {bare, " ".join(bare.split()), *_misread(bare)}
    literal = {form for each in written for form in (each, *_escaped(each))}
    literal |= {form for each in (secret, bare) for form in _in_base64(each)}
    loose = {plain for each in written if len(plain := _Plain(each).text.strip()) >= _SHORTEST}
    return tuple(filter(None, literal)), tuple(loose)


def _escaped(text: str) -> tuple[str, ...]:
    safe = text.encode("utf-8", "replace")
    in_address = (quote(safe, safe=""), quote(safe), quote_plus(safe))
    in_json = (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1])
    by_letter = ("".join(form.format(ord(letter)) for letter in text) for form in _LETTERS)
    return (*in_address, html.escape(text), *in_json, *by_letter)


def _in_base64(text: str) -> Iterator[str]:
    """Yield its two forms without what fills them up, which tells nothing and may be left out."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(text.encode("utf-8", "replace")).decode().rstrip("=")


def _misread(text: str) -> Iterator[str]:
    for written, read in _MISREAD:
        misread = text.encode(written, "replace").decode(read, "replace")
        if len(misread.strip("?\ufffd")) >= _SHORTEST:
            yield misread


class _Plain:
    """A text without its escapes, and where in the text each of its letters comes from."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts, self.ends = list(range(len(text))), list(range(1, len(text) + 1))
        for _ in range(_ROUNDS):
            before = self.text
            self._rewrite(_ESCAPE, _undone)
            if self.text == before:
                break
        self._rewrite(_PAIR, lambda match: match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"))
        self._rewrite(_BLANK, lambda match: "" if match[0].startswith("\\") else " ")

    def _rewrite(self, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> None:
        text, starts, ends, done = list[str](), list[int](), list[int](), 0
        for match in pattern.finditer(self.text):
            new = change(match)
            text += (self.text[done : match.start()], new)
            starts += self.starts[done : match.start()] + [self.starts[match.start()]] * len(new)
            ends += self.ends[done : match.start()] + [self.ends[match.end() - 1]] * len(new)
            done = match.end()
        self.text = "".join((*text, self.text[done:]))
        self.starts, self.ends = starts + self.starts[done:], ends + self.ends[done:]


def _undone(match: re.Match[str]) -> str:
    if match["bytes"]:
        raw = bytes.fromhex("".join(_HEX.findall(match["bytes"])))
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    return chr(int(match["unit"], 16)) if match["unit"] else html.unescape(match["entity"])
