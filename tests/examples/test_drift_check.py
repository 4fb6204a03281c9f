"""Laws of the drift check: both CIs run one command, and its exit code tells drift from a check that failed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from mlworkbench_emulator import Emulator

from .checkout import EXAMPLES, Checkout

EXAMPLE = "drift-check"
NO_DRIFT, DRIFT, NO_STACK, FAILED = 0, 7, 6, 1

Check = Callable[..., tuple[int, str]]


def github_actions() -> str:
    workflow = yaml.safe_load((EXAMPLES / EXAMPLE / "github-actions.yml").read_text())
    command: str = workflow["jobs"]["drift"]["steps"][-1]["run"]
    return command


def gitlab_ci() -> str:
    pipeline = yaml.safe_load((EXAMPLES / EXAMPLE / "gitlab-ci.yml").read_text())
    return "\n".join(pipeline["drift"]["script"])


def test_both_cis_run_the_same_command() -> None:
    assert github_actions() == gitlab_ci()


def test_the_command_is_the_one_that_the_page_explains() -> None:
    shown = "pulumi preview --refresh --expect-no-changes"
    assert f"```sh\n{shown}\n```" in (EXAMPLES / EXAMPLE / "README.md").read_text()
    assert github_actions() == "sh check-drift.sh"
    assert f"\n{shown} " in (EXAMPLES / EXAMPLE / "check-drift.sh").read_text()


@pytest.fixture
def check(checkout: Checkout) -> Check:
    """Run the command of the CIs in a stack that is up, with variables of its own, and give its exit code and text."""
    checkout.add(EXAMPLE, None)
    begin = """
        source ../../.venv/bin/activate
        eval "$(mlworkbench-emulator env --port 8765)"
        mkdir -p /tmp/mlworkbench-stacks
        export PULUMI_BACKEND_URL=file:///tmp/mlworkbench-stacks PULUMI_CONFIG_PASSPHRASE=emulator STACK=dev
    """
    checkout.run(f"{begin}\npulumi stack init dev\npulumi up --yes", EXAMPLE)

    def run(**variables: str) -> tuple[int, str]:
        own = "".join(f"export {name}={value}\n" for name, value in variables.items())
        shown = checkout.run(f"{begin}\n{own}({github_actions()}) || code=$?\necho ${{code:-0}}", EXAMPLE)
        text, _, code = shown.rstrip().rpartition("\n")
        return int(code), text

    return run


def test_the_exit_code_tells_drift_from_a_check_that_failed(check: Check, emulator: Emulator) -> None:
    code, text = check()
    assert (code, "No drift" in text) == (NO_DRIFT, True)
    assert check(STACK="nobody")[0] == NO_STACK
    assert check(ALIBABA_CLOUD_ACCESS_KEY_SECRET="wrong-wrong-wrong")[0] == FAILED
    (job,) = emulator.resources.all("visualization-jobs")
    emulator.resources.remove("visualization-jobs", str(job["job_id"]))
    code, text = check()
    assert code == DRIFT
    assert "+ mlworkbench:modelarts:VisualizationJob: (create)" in text
    assert "pulumi up --refresh" in text
