"""Shape images as ModelArts documents them: bodies, renamed fields, presets, groups. Knows no store and no states.

Pages: RegisterImage, ListImage, ListImageGroup and UpdateImageGroup of the ModelArts API reference.
"""

from __future__ import annotations

import re
import uuid
import zlib
from collections.abc import Mapping, Sequence

from ..fields import Field, FieldError, accept, flag, list_of, object_of, text
from ..store import Facts, Record

__all__ = ["DELETE", "KIND", "PRESETS", "UPDATE_GROUP", "group_id", "groups", "image_facts", "shown"]

KIND = "images"

_WORKSPACE = r"0|[0-9a-z]{32}"
_SWR_PATH = re.compile(
    r"(?:(?P<registry>[^/\s]+)/)?(?P<namespace>[a-z][a-z0-9._-]{0,63})/(?P<name>[a-z0-9._-]{1,512}):(?P<tag>[A-Za-z0-9._-]{1,64})"
)
_CATEGORIES = ("CPU", "GPU", "ASCEND")
_SERVICES = ("NOTEBOOK", "SSH", "AI_FLOW", "MA_STUDIO", "TENSOR_BOARD", "WEB_IDE")
_TAG = object_of(
    [Field("key", text(shortest=1, longest=128), required=True), Field("value", text(longest=255), default="")]
)


def _tag(value: object) -> object:
    """Accept a tag as an object, or as text: the request type says strings, and not how they are written."""
    if isinstance(value, str):
        key, _, rest = value.partition("=")
        return _TAG({"key": key, "value": rest})
    return _TAG(value)


_REGISTER = [
    Field("swr_path", text(shortest=16, longest=2048), required=True),
    Field("arch", text(choices=("X86_64", "AARCH64")), default="X86_64"),
    Field("description", text(longest=512), default=""),
    Field("origin", text(choices=("CUSTOMIZE", "IMAGE_SAVE")), default="CUSTOMIZE"),
    Field("resource_category", list_of(text(choices=_CATEGORIES)), default=("CPU", "GPU")),
    Field("service_type", text(choices=("COMMON", "INFERENCE", "TRAIN", "DEV", "UNKNOWN")), default="UNKNOWN"),
    Field("services", list_of(text(choices=_SERVICES)), default=("NOTEBOOK", "SSH")),
    Field("visibility", text(choices=("PRIVATE", "PUBLIC", "HIDDEN")), default="PRIVATE"),
    Field("workspace_id", text(pattern=_WORKSPACE), default="0"),
    Field("flavor_type", text(choices=("ASCEND_SNT9", "ASCEND_SNT9B", "ASCEND_SNT3"))),
    Field("tags", list_of(_tag, longest=20)),
    Field("swr_instance_id", text()),
    Field("read_me", text(longest=3000)),
]
DELETE = [Field("is_force", flag, default=False)]
UPDATE_GROUP = [Field("read_me", text(longest=30000)), Field("tags", list_of(_TAG, longest=20))]

# What a client may set but never sees again, and what an answer leaves out when there is none of it.
_HIDDEN = ("read_me",)
_OPTIONAL = ("flavor_type", "tags", "swr_instance_id", "status_message")
_NOT_OF_PRESETS = ("namespace", "origin", "visibility", "size")


def image_facts(body: Mapping[str, object], image_id: str, now: float) -> Facts:
    """Check a register body and give the facts of the image, some of which have other names and another order."""
    facts = accept(_REGISTER, body)
    path = _SWR_PATH.fullmatch(str(facts["swr_path"]))
    if path is None:
        raise FieldError("swr_path must be of the form [registry[:port]]/namespace/image:tag")
    created = int(now * 1000)
    return {
        "id": image_id,
        "name": path["name"],
        "namespace": path["namespace"],
        "tag": path["tag"],
        **{name: value for name, value in facts.items() if name not in ("services", "resource_category", "arch")},
        "arch": str(facts["arch"]).lower(),
        "dev_services": _reordered(facts["services"]),
        "resource_categories": _reordered(facts["resource_category"]),
        "size": _size_bytes(str(facts["swr_path"])),
        "status": "",
        "status_message": None,
        "type": "DEDICATED",
        "create_at": created,
        "update_at": created,
    }


def shown(record: Record) -> Facts:
    """Give an image as answers show it."""
    left_out = [*_HIDDEN, *(_NOT_OF_PRESETS if record.facts["type"] == "BUILD_IN" else ())]
    return {
        name: value
        for name, value in record.facts.items()
        if name not in left_out and not (name in _OPTIONAL and value is None)
    }


def group_id(record: Record) -> str:
    """Give the id of the group that an image is a version of: the same for one name in one namespace."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{record.owner}/{record.facts['namespace']}/{record.facts['name']}"))


def groups(records: Sequence[Record]) -> list[Facts]:
    """Put images together by namespace and name, newest group first."""
    members: dict[str, list[Record]] = {}
    for record in records:
        members.setdefault(group_id(record), []).append(record)
    found = [_group(identity, versions) for identity, versions in members.items()]
    return sorted(found, key=lambda group: str(group["update_at"]), reverse=True)


def _group(identity: str, versions: Sequence[Record]) -> Facts:
    newest = versions[-1].facts
    return {
        "id": identity,
        "name": newest["name"],
        "namespace": newest["namespace"],
        "description": newest["description"],
        "read_me": newest["read_me"],
        "create_at": versions[0].facts["create_at"],
        "update_at": newest["update_at"],
        "version_count": len(versions),
    }


def _reordered(value: object) -> list[object]:
    # The order of a list is not kept by the service; turning it round shows who relies on it.
    return list(reversed(dict.fromkeys(value))) if isinstance(value, list | tuple) else []


def _size_bytes(swr_path: str) -> int:
    return 1_000_000_000 + zlib.crc32(swr_path.encode())


def _preset(name: str, tag: str, categories: Sequence[str], arch: str = "X86_64") -> Record:
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"preset/{name}:{tag}"))
    body: Facts = {
        "swr_path": f"swr.emulator.example.com/atelier/{name}:{tag}",
        "arch": arch,
        "description": f"{name}, ready to use",
        "resource_category": list(categories),
        "service_type": "COMMON",
        "visibility": "PUBLIC",
    }
    facts = {**image_facts(body, identity, 1_650_000_000), "status": "ACTIVE", "type": "BUILD_IN"}
    return Record(KIND, identity, "", 0, facts, 0)


PRESETS = (
    _preset("pytorch_1_8", "pytorch_1.8.0-cuda_10.2-py_3.7-ubuntu_18.04-x86_64", ["CPU", "GPU"]),
    _preset("tensorflow_2_1", "tensorflow_2.1.0-cuda_10.1-py_3.7-ubuntu_18.04-x86_64", ["CPU", "GPU"]),
    _preset("mindspore_2_2", "mindspore_2.2.0-cann_7.0.1-py_3.9-euler_2.10.7-aarch64", ["ASCEND"], "AARCH64"),
)
