"""Compare an answer with what an official model holds of it, and list what is known to differ. Knows no client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["LOST", "UNANSWERED", "Known", "lost", "unanswered"]


@dataclass(frozen=True)
class Known:
    """Fields that differ in the answers of one official client, `*` for all its operations, and why."""

    client: str
    operation: str
    fields: tuple[str, ...]
    why: str

    def covers(self, client: str, operation: str, field: str) -> bool:
        return self.client == client and self.operation in ("*", operation) and field in self.fields


# What an official client does not hold as it was answered.
LOST = (
    Known(
        "otc",
        "CreateVisualizationJob",
        ("job_id", "status", "create_time"),
        "this answer alone writes its numbers as text, as the reference's sample does; the SDK makes numbers of them",
    ),
    Known(
        "otc",
        "ListVisualizationJobs",
        ("is_success", "job_total_count", "job_count_limit", "quotas"),
        "the SDK keeps the jobs of a page and throws its envelope away",
    ),
    Known(
        "otc",
        "ListVisualizationJobs",
        ("jobs[].schedule",),
        "every sample of the reference shows an array, the SDK reads an object",
    ),
    Known("otc", "DeleteVisualizationJob", ("is_success",), "the SDK does not read the body of a deletion's answer"),
    Known("otc", "CreateToken", ("token.methods", "token.user.password_expires_at"), "keystoneauth has no word for it"),
    Known("otc", "ListProjects", ("links",), "the SDK follows the links of a page and keeps the projects"),
)

# What an official model could hold and the emulator does not answer.
UNANSWERED = (
    Known("pai", "ListTensorboards", ("Tensorboards[].RequestId",), "an answer has one request, not one for each item"),
    Known(
        "pai",
        "*",
        ("GmtFinishTime (null)", "Tensorboards[].GmtFinishTime (null)"),
        "null until there is one, as in the reference's sample",
    ),
    Known("core", "*", ("error_code", "error_message"), "of failures only"),
    Known(
        "core",
        "*",
        ("remaining_duration (null)", "jobs[].remaining_duration (null)"),
        "null in every sample of the reference",
    ),
    Known("modelarts", "*", ("status_message", "data[].status_message"), "absent when all is well"),
    Known("modelarts", "*", ("support_res_categories",), "in the schema, and in no sample of the reference"),
    Known(
        "modelarts",
        "*",
        ("show_name", "show_tag", "data[].show_name", "data[].show_tag"),
        "of the vendor's own images, and in no sample",
    ),
    Known(
        "modelarts",
        "ListImage",
        ("data[].namespace", "data[].origin", "data[].visibility", "data[].size"),
        "the samples of the vendor's own images leave them out",
    ),
    Known(
        "modelarts",
        "ListImage",
        ("data[].flavor_type", "data[].swr_instance_id", "data[].tags"),
        "absent from an image that was registered without",
    ),
    Known(
        "modelarts",
        "ListImageGroup",
        ("is_swr_enterprise", "data[].swr_instance_id", "data[].swr_instance_name", "data[].icon_name"),
        "of enterprise SWR and of the console, in no sample",
    ),
    Known(
        "otc",
        "ListProjects",
        ("projects[].options", "projects[].tags"),
        "Keystone has them, Huawei's IAM does not",
    ),
)


def lost(answer: Any, held: Any, path: str = "") -> Iterator[str]:
    """Yield every place of an answer that a model does not hold with the same value and type."""
    if isinstance(answer, dict) and isinstance(held, dict):
        for name, value in answer.items():
            yield from lost(value, held.get(name, KeyError), f"{path}.{name}" if path else name)
    elif isinstance(answer, list) and isinstance(held, list) and len(answer) == len(held):
        for item, kept in zip(answer, held, strict=True):
            yield from lost(item, kept, f"{path}[]")
    elif type(answer) is not type(held) or answer != held:
        yield path


def unanswered(answer: Any, held: Any, path: str = "") -> Iterator[str]:
    """Yield every field of a model that an answer does not have, and, as such, those that it has as null."""
    if isinstance(answer, dict) and isinstance(held, dict):
        for name, value in held.items():
            where = f"{path}.{name}" if path else name
            if name not in answer:
                yield where
            elif answer[name] is None:
                yield f"{where} (null)"
            else:
                yield from unanswered(answer[name], value, where)
    elif isinstance(answer, list) and isinstance(held, list):
        for item, kept in zip(answer, held, strict=False):
            yield from unanswered(item, kept, f"{path}[]")
