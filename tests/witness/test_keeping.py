"""The emulator keeps every field that a create may give, as official clients give it, and shows what the pages show.

What no answer shows is looked up in the emulator itself.
"""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_pai_dlc20201203 import models as pai  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1 import model as images  # type: ignore[import-untyped]

from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import ALIBABA_OWNER

from .arguments import CREATE_JOB, CREATE_TENSORBOARD, CREATE_TENSORBOARD_OF_SOURCES, REGISTER_IMAGE
from .vendors import Vendors, refusal_of

Tree = dict[str, Any]

# An older source has two moments more, which the provider never gives.
MOMENTS = {"GmtCreateTime": "2021-01-12T14:35:00Z", "GmtModifyTime": "2021-01-12T14:36:00Z"}
OLDER = {"DataSources": [{**CREATE_TENSORBOARD["DataSources"][0], **MOMENTS}]}


def new_board(vendors: Vendors, body: Tree) -> str:
    request = pai.CreateTensorboardRequest().from_map(body)
    return str(vendors["pai"].create_tensorboard(request).body.tensorboard_id)


@pytest.mark.parametrize(
    "body", [{**CREATE_TENSORBOARD, **OLDER}, CREATE_TENSORBOARD_OF_SOURCES], ids=["one", "several"]
)
def test_a_tensorboard_is_kept_as_it_was_asked_for(body: Tree, vendors: Vendors, emulator: Emulator) -> None:
    kept = emulator.resources.get("tensorboards", new_board(vendors, body))
    sources = body.get("TensorboardDataSources", [])
    # What the service fills in stands beside what was given.
    found = [
        {name: item[name] for name in given}
        for given, item in zip(sources, kept["TensorboardDataSources"], strict=True)  # type: ignore[call-overload]
    ]
    assert found == sources
    others = {name: value for name, value in body.items() if name != "TensorboardDataSources"}
    assert {name: kept[name] for name in others} == others


def test_a_job_is_kept_as_it_was_asked_for(vendors: Vendors, emulator: Emulator) -> None:
    id = vendors["core"].create_job(**CREATE_JOB).job_id
    kept = emulator.resources.get("visualization-jobs", id)
    assert {name: kept[name] for name in CREATE_JOB} == {**CREATE_JOB, "schedule": [CREATE_JOB["schedule"]]}


def test_an_image_is_kept_as_it_was_asked_for(vendors: Vendors, emulator: Emulator) -> None:
    body = images.ImageRegRequest(**REGISTER_IMAGE)
    id = vendors["modelarts"].register_image(images.RegisterImageRequest(body=body)).id
    kept = emulator.resources.get("images", id)
    renamed = {"services": "dev_services", "resource_category": "resource_categories"}
    for name, value in REGISTER_IMAGE.items():
        found: Any = kept[renamed.get(name, name)]
        if name == "tags":
            assert found == [{"key": "team", "value": "vision"}]
        elif isinstance(value, list):
            assert sorted(found) == sorted(value)
        else:
            assert found == (value.lower() if name == "arch" else value)


def test_a_tensorboard_that_names_no_workspace_is_in_the_callers_own(vendors: Vendors) -> None:
    id = new_board(vendors, {"DisplayName": "a"})
    board = vendors["pai"].get_tensorboard(id, pai.GetTensorboardRequest()).body
    assert board.workspace_id == ALIBABA_OWNER.default_workspace_id
    named = new_board(vendors, {"WorkspaceId": "20002"})
    assert vendors["pai"].get_tensorboard(named, pai.GetTensorboardRequest()).body.workspace_id == "20002"


@pytest.mark.parametrize(
    ("facts", "sound"),
    [
        ({"Uri": "oss://bucket.oss-cn-hangzhou.aliyuncs.com/runs/"}, True),
        ({"Uri": "oss://bucket.oss-cn-hangzhou.aliyuncs.com/runs/", "DataSourceType": "OSS"}, True),
        ({"Uri": "nas://06ba748xxx.cn-hangzhou/training/data/"}, True),
        ({"Uri": "nas://06ba748xxx.cn-hangzhou/training/data/", "DataSourceType": "NAS"}, True),
        ({"Uri": "oss://bucket/runs/"}, False),
        ({"Uri": "oss://bucket/runs/", "DataSourceType": "OSS"}, False),
        ({"Uri": "nas://06ba748xxx/training/data/"}, False),
        ({"Uri": "nas://06ba748xxx.cn-hangzhou/data/", "DataSourceType": "OSS"}, False),
        ({"Uri": "oss://bucket.oss-cn-hangzhou.aliyuncs.com/runs/", "DataSourceType": "NAS"}, False),
    ],
    ids=str,
)
def test_an_address_of_logs_names_the_endpoint_or_the_region(facts: Tree, sound: bool, vendors: Vendors) -> None:
    if sound:
        assert new_board(vendors, facts)
        return
    seen = refusal_of(lambda: new_board(vendors, facts))
    assert (seen.status, seen.code) == (400, "InvalidParameter")
    assert "Uri" in seen.message


def test_the_vendors_own_images_tell_less_of_themselves(vendors: Vendors) -> None:
    page = vendors["modelarts"].list_image(images.ListImageRequest())
    assert page.data
    for image in page.data:
        assert (image.namespace, image.origin, image.visibility, image.size) == (None, None, None, None)
        assert (image.type, image.status) == ("BUILD_IN", "ACTIVE")
