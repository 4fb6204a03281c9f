"""Laws of the examples: what their pages tell to type works as written, in an environment that knows no checkout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from .checkout import EXAMPLES, Made
from .walks import Walk, take

# What must be shown, in this order.
PROMISED = {
    "yaml": ["+ 4 created", "4 unchanged", "tensorboardUrl", "- 4 deleted"],
    "python": ["+ 4 created", "4 unchanged", "- 4 deleted"],
    "python-dynamic": ["+ 4 created", "4 unchanged", "- 4 deleted"],
    "typescript": ["+ 4 created", "4 unchanged", "- 4 deleted"],
    "go": ["+ 4 created", "4 unchanged", "- 4 deleted"],
    "automation": ["create 4   [3 of 3]", "no changes   [3 of 3]", "tensorboardUrl", "delete 4   [3 of 3]"],
    "drift-check": [
        "+ 3 created",
        "No drift",
        "~ maxRunningTimeMinutes: 30 => 240",
        "exit code 7",
        "~ 1 updated",
        "No drift",
        "- 3 deleted",
    ],
    "import": ["+ 4 created", "= 1 imported", "= 1 imported", "= 1 imported", "4 unchanged", "- 4 deleted"],
    "cost-guard": ["+ 4 created", "4 unchanged", "~ 2 updated", "~ 1 updated", "4 unchanged", "~ 2 updated"],
}


NEEDED = {"import": ("yaml",)}


@pytest.fixture(scope="module")
def walks(
    request: pytest.FixtureRequest, made: Made, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Future[Walk]]]:
    """The walks of all examples that this run asks for. Two at a time: most of each is waiting."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    wanted = [each["walked"] for each in parameters if "walked" in each]
    folder = tmp_path_factory.mktemp("walks")
    # Processes are told apart by the names of folders, so none begins as another one does.
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {
            name: pool.submit(take, name, NEEDED.get(name, ()), made, folder / f"{name}-walk")
            for name in dict.fromkeys(wanted)
        }


def test_every_example_promises_something() -> None:
    assert set(PROMISED) == {path.parent.name for path in EXAMPLES.glob("*/README.md")}
    assert set(PROMISED) == {path.parent.name for path in EXAMPLES.glob("*/Pulumi.yaml")}


@pytest.mark.parametrize("walked", PROMISED)
def test_an_example_works_as_its_page_says_and_leaves_nothing(walked: str, walks: Mapping[str, Future[Walk]]) -> None:
    walk = walks[walked].result()
    rest = walk.shown
    for promised in PROMISED[walked]:
        assert promised in rest, walk.shown
        rest = rest.partition(promised)[2]
    assert (walk.in_the_clouds, walk.changed_files, walk.stacks, walk.processes) == ([], set(), [], [])
