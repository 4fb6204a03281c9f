"""What the vendors' pages let a create say is taken, and what they do not is refused: by the emulator and by us alike.

The emulator is asked by official clients; we judge before anything is sent.
"""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_pai_dlc20201203 import models as pai  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1 import model as images  # type: ignore[import-untyped]

from mlworkbench.model.check import check
from mlworkbench.resources import registry

from .arguments import camel
from .limits import LIMITS, Limits
from .vendors import Vendors, refusal_of
from .wiretap import Wiretap

Tree = dict[str, Any]

CODES = {
    "pai:Tensorboard": "InvalidParameter",
    "modelarts:VisualizationJob": "ModelArts.0104",
    "modelarts:Image": "ModelArts.6400",
}


def asked(limits: Limits, change: Tree, vendors: Vendors) -> Any:
    body = limits.with_change(change)
    if limits.token == "pai:Tensorboard":
        return vendors["pai"].create_tensorboard(pai.CreateTensorboardRequest().from_map(body))
    if limits.token == "modelarts:VisualizationJob":
        return vendors["core"].create_job(**body)
    return vendors["modelarts"].register_image(
        images.RegisterImageRequest(body=images.ImageRegRequest(**{**limits.least, **body, **_absent(change)}))
    )


def _absent(change: Tree) -> Tree:
    return {name: None for name, value in change.items() if value is None}


def flaws(limits: Limits, change: Tree) -> list[object]:
    """Say what the provider finds wrong with a create."""
    body = limits.with_change(change)
    renamed = {name.replace("resource_category", "resource_categories"): value for name, value in body.items()}
    inputs = camel(renamed)
    if "schedule" in inputs:
        (inputs["schedule"],) = inputs["schedule"]
    if "priority" in inputs:
        inputs["priority"] = int(inputs["priority"])
    kind = registry()[limits.token]
    return list(check(kind.inputs, inputs))


def cases(side: str) -> list[Any]:
    return [
        pytest.param(limits, change, id=f"{limits.token} {str(change)[:60]}")
        for limits in LIMITS
        for change in getattr(limits, side)
    ]


@pytest.mark.parametrize(("limits", "change"), cases("fit"))
def test_what_fits_is_taken(limits: Limits, change: Tree, vendors: Vendors, tap: Wiretap) -> None:
    assert asked(limits, change, vendors)
    assert tap.last()[1].status == 200
    assert flaws(limits, change) == []


@pytest.mark.parametrize(("limits", "change"), cases("unfit"))
def test_what_does_not_fit_is_refused(limits: Limits, change: Tree, vendors: Vendors, tap: Wiretap) -> None:
    seen = refusal_of(lambda: asked(limits, change, vendors))
    told = tap.last()[1].json
    assert seen.status == 400
    assert (told.get("Code") or told["error_code"]) == CODES[limits.token]
    assert flaws(limits, change) != []
