"""Laws of mistakes in an example: each is told before anything is called, with the right name where one can be known.

What compilers and type checkers say of the same mistakes is among the laws of the SDKs.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mlworkbench_emulator import Emulator

from .checkout import Checkout, Made, installed_example

FRESH_STACK = """
source ../../.venv/bin/activate
eval "$(mlworkbench-emulator env --port 8765)"
mkdir -p /tmp/mlworkbench-stacks
export PULUMI_BACKEND_URL=file:///tmp/mlworkbench-stacks PULUMI_CONFIG_PASSPHRASE=emulator
"""
YAML = "pulumi stack init dev\npulumi preview"


@dataclass(frozen=True)
class Mistake:
    """A text of an example, what somebody has written instead, and what must be said of it."""

    file: str
    right: str
    wrong: str
    told: str
    command: str


MISTAKES = {
    "yaml": Mistake(
        "Pulumi.yaml",
        "maxRunningTimeMinutes",
        "maxRunningTimeMinuts",
        "Existing properties are: maxRunningTimeMinutes,",
        YAML,
    ),
    "cost-guard": Mistake(
        "Pulumi.yaml", "desiredStatus", "desiredState", "Existing properties are: desiredStatus,", YAML
    ),
    "import": Mistake(
        "Pulumi.yaml",
        "name: mlworkbench-import",
        "name: mlworkbench-import\nconfig: { 'mlworkbench:paiRegoin': cn-hangzhou }",
        'did you mean "paiRegion"?',
        YAML,
    ),
    "python": Mistake(
        "__main__.py", '"time_unit"', '"time_units"', 'did you mean "timeUnit"?', "venv/bin/python run.py preview"
    ),
    "python-dynamic": Mistake(
        "__main__.py", '"time_unit"', '"time_units"', 'did you mean "timeUnit"?', "python run.py preview"
    ),
}


@pytest.mark.parametrize("example", MISTAKES)
def test_a_misspelt_property_is_told_with_the_right_one_before_anything_is_called(
    example: str, checkout: Checkout, made: Made, emulator: Emulator
) -> None:
    mistake = MISTAKES[example]
    program = checkout.add(example, installed_example(example, made)) / mistake.file
    text = program.read_text()
    assert mistake.right in text
    program.write_text(text.replace(mistake.right, mistake.wrong))
    shown = checkout.run(f"{FRESH_STACK}{mistake.command} && exit 1 || echo refused", example)
    assert mistake.told in shown
    assert "refused" in shown
    assert list(emulator.journal) == []


@pytest.mark.parametrize(
    ("example", "python", "told"),
    [
        ("python", "venv/bin/python", "unexpected keyword argument 'max_running_time_minuts'"),
        ("python-dynamic", "python", 'did you mean "max_running_time_minutes"?'),
    ],
    ids=["python", "python-dynamic"],
)
def test_an_argument_that_does_not_exist_ends_a_python_program_before_anything_is_called(
    example: str, python: str, told: str, checkout: Checkout, made: Made, emulator: Emulator
) -> None:
    program = checkout.add(example, installed_example(example, made)) / "__main__.py"
    program.write_text(program.read_text().replace("max_running_time_minutes", "max_running_time_minuts"))
    shown = checkout.run(f"{FRESH_STACK}{python} run.py up && exit 1 || echo refused", example)
    assert told in shown
    assert "refused" in shown
    assert list(emulator.journal) == []
