"""Write a run as one HTML file that needs nothing else. Knows results; no protocol."""

from __future__ import annotations

from html import escape
from itertools import groupby

from . import __version__
from .law import Outcome, Result, Severity
from .report import summary
from .runner import Run

__all__ = ["html"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --paper: #fcfcfd; --faint: #60646c; --line: #e0e1e6;
  --good: #18794e; --bad: #b4232a; --weak: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --paper: #111113; --faint: #a5a8b0; --line: #2e3035;
  --good: #4cc38a; --bad: #ff9592; --weak: #f1b863; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 56rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; } .faint { color: var(--faint); font-size: .875rem; }
details, .law { border-top: 1px solid var(--line); padding: .5rem 0; }
summary { cursor: pointer; padding-left: 5rem; text-indent: -5rem; } code { font-size: .9em; }
.passed b { color: var(--good); } .failed b { color: var(--bad); } .weak b { color: var(--weak); }
b { display: inline-block; text-indent: 0; min-width: 3.6rem; font-size: .8rem; letter-spacing: .03em; }
dl { margin: .5rem 0 .5rem 3.6rem; } dt { color: var(--faint); font-size: .8rem; } dd { margin: 0 0 .5rem; }
@media (max-width: 30rem) { dl { margin-left: 0; } }
"""


def html(run: Run) -> str:
    """Write a page."""
    title = f"{escape(run.spec.name)}: conformance"
    chapters = "".join(
        f"<h2>{escape(group)}</h2>{''.join(_law(list(results)) for _, results in groupby(found, key=_name))}"
        for group, found in groupby(run.results, key=lambda result: result.law.group)
    )
    leftovers = "".join(f"<p>{escape(each)}</p>" for each in run.leftovers)
    left = f"<h2>Left behind</h2>{leftovers}" if leftovers else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><p>{escape(summary(run))}</p>"
        f'<p class="faint">pulumi-provider-conformance {__version__}</p>{chapters}{left}</body></html>\n'
    )


def _name(result: Result) -> str:
    return result.law.name


def _law(results: list[Result]) -> str:
    law = results[0].law
    failed = [each for each in results if each.outcome is Outcome.FAILED]
    passed = [each for each in results if each.outcome is Outcome.PASSED]
    kind, word = ("passed", "ok") if passed else ("skipped", "n/a")
    if failed:
        kind, word = ("failed", "broken") if law.severity is Severity.MUST else ("weak", "weak")
    told = "".join(_seen(each) for each in results if each.seen)
    opened = " open" if failed else ""
    return (
        f'<details class="{kind}"{opened}><summary><b>{word}</b> {escape(law.promise)}</summary><dl>'
        f"<dt>law</dt><dd><code>{escape(law.name)}</code>, {law.severity}</dd>{told}"
        f"<dt>what to do</dt><dd>{escape(law.advice)}</dd><dt>reference</dt><dd>{escape(law.reference)}</dd>"
        "</dl></details>"
    )


def _seen(result: Result) -> str:
    return f"<dt>{result.outcome}: {escape(result.subject)}</dt><dd>{escape(result.seen)}</dd>"
