"""Laws of secrets: what is marked as secret reaches the cloud, and is nowhere to be read on the way."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

from mlworkbench_emulator import Emulator

from .place import STACK, Place
from .programs import Declared, Sealed, image, job, tensorboard
from .stacks import Stack

KEY_VARIABLES = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
KEY_NAMES = ("mlworkbench:paiAccessKeyId", "mlworkbench:paiAccessKeySecret")

WORDS = {
    "uri": "oss://classified-bucket.region/",
    "description": "classified-description",
    "nested": "classified-vpc",
    "listed": "classified-tag",
    "changed": "classified-change",
}


def configure(place: Place, key: str, value: str) -> None:
    line = ["pulumi", "config", "set", "--secret", key, value, "--stack", STACK]
    subprocess.run(line, cwd=place.project, env=place.environment, check=True, capture_output=True)


def program(**changes: object) -> dict[str, Declared]:
    return {
        "board": tensorboard(uri=Sealed(WORDS["uri"]), tensorboardSpec={"vpcId": Sealed(WORDS["nested"])}),
        "curves": job(jobDesc=Sealed(WORDS["description"])).but(**changes),
        "torch": image(tags=[Sealed(WORDS["listed"])]),
    }


def test_secrets_reach_the_cloud_and_are_never_shown(stack: Stack, cloud: Emulator) -> None:
    keys = [stack.place.cloud[name] for name in KEY_VARIABLES]
    others = {name: value for name, value in stack.place.cloud.items() if name not in KEY_VARIABLES}
    stack.place = replace(stack.place, cloud=others)
    stack.declare(**program())
    for name, value in zip(KEY_NAMES, keys, strict=True):
        configure(stack.place, name, value)

    said = [stack.up().succeeded().text, stack.refresh(expect_no_changes=True).succeeded().text]
    stack.declare(**program(jobDesc=Sealed(WORDS["changed"]), trainUrl="/bucket/other/"))
    said.append(stack.up().succeeded().text)

    asked = str([call.body for call in cloud.journal])
    assert [word for word in WORDS.values() if word not in asked] == []
    secret = (*WORDS.values(), *keys)
    written = [file.read_text() for file in kept_files(stack.place)]
    assert [word for word in secret if any(word in text for text in written)] == []
    assert [word for word in secret if any(word in text for text in said)] == []


def kept_files(place: Place) -> list[Path]:
    """Return what stays on the disk: the state with its history and backups, and the stack's settings."""
    found = [file for file in place.backend.rglob("*") if file.is_file()]
    return [*found, place.project / f"Pulumi.{STACK}.yaml"]


def test_a_secret_that_is_refused_is_not_shown(stack: Stack) -> None:
    """The engine prints a refused value, if it is told what property it is the value of."""
    stack.declare(curves=job(jobDesc=Sealed(WORDS["changed"] * 30)), board=tensorboard(uri=Sealed(WORDS["uri"])))
    text = stack.preview().refused().text
    assert "jobDesc" in text
    assert "must have at most 256 characters" in text
    assert [word for word in WORDS.values() if word in text] == []
