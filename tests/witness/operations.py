"""List every operation that the vendors' reference pages name for the three APIs and for IAM. Knows no client."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .wiretap import Asked, Told, Wiretap

__all__ = ["DOCUMENTED", "OUT_OF_REACH", "Documented", "calls_of", "only_call_of"]


@dataclass(frozen=True)
class Documented:
    """One operation: the name its vendor gives it, its method and its path."""

    name: str
    method: str
    path: str

    def is_asked(self, asked: Asked) -> bool:
        """Tell whether a request is one of this operation."""
        pattern = re.sub(r"\{\w+\}", "[^/]+", self.path)
        return asked.method == self.method and re.fullmatch(pattern, asked.raw_path) is not None


_BOARDS = "/api/v1/tensorboards"
_JOBS = "/v1/{project_id}/visualization-jobs"
_IMAGES = "/v1/{project_id}/images"

DOCUMENTED = (
    Documented("CreateTensorboard", "POST", _BOARDS),
    Documented("GetTensorboard", "GET", f"{_BOARDS}/{{id}}"),
    Documented("ListTensorboards", "GET", _BOARDS),
    Documented("UpdateTensorboard", "PUT", f"{_BOARDS}/{{id}}"),
    Documented("StartTensorboard", "PUT", f"{_BOARDS}/{{id}}/start"),
    Documented("StopTensorboard", "PUT", f"{_BOARDS}/{{id}}/stop"),
    Documented("DeleteTensorboard", "DELETE", f"{_BOARDS}/{{id}}"),
    Documented("GetTensorboardSharedUrl", "GET", f"{_BOARDS}/{{id}}/sharedurl"),
    Documented("GetToken", "GET", "/api/v1/tokens"),
    Documented("CreateVisualizationJob", "POST", _JOBS),
    Documented("ListVisualizationJobs", "GET", _JOBS),
    Documented("ShowVisualizationJob", "GET", f"{_JOBS}/{{id}}"),
    Documented("UpdateVisualizationJob", "PUT", f"{_JOBS}/{{id}}"),
    Documented("DeleteVisualizationJob", "DELETE", f"{_JOBS}/{{id}}"),
    Documented("StopVisualizationJob", "POST", f"{_JOBS}/{{id}}/stop"),
    Documented("RestartVisualizationJob", "POST", f"{_JOBS}/{{id}}/restart"),
    Documented("RegisterImage", "POST", _IMAGES),
    Documented("ListImage", "GET", _IMAGES),
    Documented("ShowImage", "GET", f"{_IMAGES}/{{id}}"),
    Documented("DeleteImage", "DELETE", f"{_IMAGES}/{{id}}"),
    Documented("SyncImage", "POST", f"{_IMAGES}/{{id}}/sync"),
    Documented("ListImageGroup", "GET", f"{_IMAGES}/group"),
    Documented("UpdateImageGroup", "PUT", f"{_IMAGES}/group/{{id}}"),
    Documented("DeleteImageGroup", "DELETE", f"{_IMAGES}/group/{{id}}"),
    Documented("CreateToken", "POST", "/v3/auth/tokens"),
    Documented("ListProjects", "GET", "/v3/projects"),
)

# Named on the page of the images, but they act on notebooks and training jobs, which neither the provider nor the
# emulator has: the emulator says that it has no such call.
OUT_OF_REACH = (
    Documented("CreateImage", "POST", "/v1/{project_id}/notebooks/{id}/create-image"),
    Documented(
        "CreateSaveImageJob",
        "POST",
        "/v2/{project_id}/training-jobs/{training_job_id}/tasks/{task_id}/save-image-job",
    ),
    Documented(
        "ShowSaveImageJob",
        "GET",
        "/v2/{project_id}/training-jobs/{training_job_id}/tasks/{task_id}/save-image-job",
    ),
)


def calls_of(tap: Wiretap, name: str) -> list[tuple[Asked, Told]]:
    """Give what went over the line for one operation. The word `group` is no id."""
    fitting = [(asked, [each.name for each in DOCUMENTED if each.is_asked(asked)][-1:]) for asked in tap.asked]
    return [call for call, (_, names) in zip(tap.calls, fitting, strict=True) if names == [name]]


def only_call_of(tap: Wiretap, name: str) -> tuple[Asked, Told]:
    """Give the one call of an operation that was made."""
    (call,) = calls_of(tap, name)
    return call
