"""Laws of the vendors' shapes: what is sent, and what is understood. Knows the documented samples; makes no call."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from mlworkbench.api.modelarts import images, visualization_jobs
from mlworkbench.api.modelarts.images import Image, RegisterBody
from mlworkbench.api.modelarts.visualization_jobs import STATUS_NAMES, CreateBody, Created, Job, UpdateBody
from mlworkbench.api.pai import tensorboards
from mlworkbench.api.pai.tensorboards import Tensorboard, UpdateQuery
from mlworkbench.wire.operation import Operation
from mlworkbench.wire.states import Phase, States

TENSORBOARD = {"TensorboardId": "tb-1", "Status": "running"}


@pytest.mark.parametrize(("told", "seconds"), [("1234567", 1234567), (60, 60), ("", None), (None, None)])
def test_a_duration_of_pai_is_a_number_in_any_form(told: Any, seconds: int | None) -> None:
    assert Tensorboard.model_validate({**TENSORBOARD, "Duration": told}).duration_seconds == seconds


def test_pai_answers_priority_as_text_and_it_is_read_as_a_number() -> None:
    assert Tensorboard.model_validate({**TENSORBOARD, "Priority": "3"}).priority == 3


def test_pai_is_sent_a_priority_as_text() -> None:
    assert UpdateQuery.model_validate({"priority": 3}).tree() == {"Priority": "3"}


def test_what_pai_answers_beyond_its_documents_is_ignored() -> None:
    found = Tensorboard.model_validate({**TENSORBOARD, "Token": "x", "GmtFinishTime": None, "New": {"a": 1}})
    assert (found.tensorboard_id, found.status, found.finish_time) == ("tb-1", "running", None)


def test_an_answer_without_an_id_is_not_understood() -> None:
    for shape in (Tensorboard, tensorboards.Created, Job, Created, Image):
        with pytest.raises(ValidationError):
            shape.model_validate_json("{}")


@pytest.mark.parametrize(
    "told",
    [
        {"job_id": "10", "job_name": "j", "status": "1", "create_time": "1524189990635"},
        {"job_id": 10, "job_name": "j", "status": 1, "create_time": 1524189990635},
    ],
)
def test_a_job_is_read_from_quoted_and_from_bare_numbers(told: dict[str, Any]) -> None:
    job = Job.model_validate(told)
    assert (job.job_id, job.status_code, job.status) == ("10", 1, "INIT")
    assert job.create_time == "2018-04-20T02:06:30.635Z"


@pytest.mark.parametrize("told", [None, "", 0, "0"])
def test_a_moment_that_is_not_told_is_absent(told: Any) -> None:
    assert Image.model_validate({"id": "i", "create_at": told}).create_time is None


@pytest.mark.parametrize("told", ["yesterday", [], {}, 1.5e300, 10**30, "99999999999999999999"])
def test_a_moment_that_makes_no_sense_is_an_unreadable_answer(told: Any) -> None:
    with pytest.raises(ValidationError):
        Image.model_validate({"id": "i", "create_at": told})


@pytest.mark.parametrize("number", sorted(STATUS_NAMES))
def test_every_documented_status_of_a_job_has_its_name(number: int) -> None:
    assert Job.model_validate({"job_id": "1", "job_name": "j", "status": number}).status == STATUS_NAMES[number]


def test_an_undocumented_status_of_a_job_is_told_by_its_number() -> None:
    assert Job.model_validate({"job_id": "1", "job_name": "j", "status": 99}).status == "99"


def test_a_job_is_created_with_an_array_of_one_schedule() -> None:
    body = CreateBody.model_validate(
        {"job_name": "j", "train_url": "/b/", "schedule": [{"type": "stop", "time_unit": "HOURS", "duration": 1}]}
    )
    assert body.tree() == {
        "job_name": "j",
        "train_url": "/b/",
        "schedule": [{"type": "stop", "time_unit": "HOURS", "duration": 1}],
    }


def test_clearing_a_description_sends_an_empty_text() -> None:
    assert UpdateBody().tree() == {"job_desc": ""}


def test_an_image_is_asked_for_and_answered_in_different_words() -> None:
    body = RegisterBody.model_validate({"swr_path": "p", "resource_categories": ["CPU"], "services": ["SSH"]})
    assert body.tree() == {"swr_path": "p", "resource_category": ["CPU"], "services": ["SSH"]}
    image = Image.model_validate({"id": "i", "resource_categories": ["CPU"], "dev_services": ["SSH"]})
    assert (image.image_id, image.resource_categories, image.services) == ("i", ["CPU"], ["SSH"])


def test_lists_ask_for_everything_that_the_defaults_would_hide() -> None:
    assert tensorboards.ListQuery().tree()["ShowOwn"] is False
    assert tensorboards.ListQuery().tree()["StartTime"] == "2020-01-01T00:00:00Z"
    assert images.ListQuery().tree()["type"] == "DEDICATED"
    assert images.ListQuery().tree()["name_fuzzy_match"] is False
    assert visualization_jobs.ListQuery().tree()["order"] == "asc"
    assert "sortBy" in visualization_jobs.ListQuery().tree()


@pytest.mark.parametrize(
    ("states", "status", "phase"),
    [
        (tensorboards.STATES, "Pending", Phase.BUSY),
        (tensorboards.STATES, "Creating", Phase.BUSY),
        (tensorboards.STATES, "running", Phase.READY),
        (tensorboards.STATES, "Stopping", Phase.BUSY),
        (tensorboards.STATES, "Stopped", Phase.STOPPED),
        (tensorboards.STATES, "Succeeded", Phase.STOPPED),
        (tensorboards.STATES, "Failed", Phase.FAILED),
        (tensorboards.STATES, "Creating_Failed", Phase.FAILED),
        (tensorboards.STATES, "Deleting", Phase.BUSY),
        (tensorboards.STATES, "Deleted", Phase.GONE),
        (tensorboards.STATES, "Something_New", Phase.BUSY),
        (images.STATES, "INIT", Phase.BUSY),
        (images.STATES, "CREATING", Phase.BUSY),
        (images.STATES, "ACTIVE", Phase.READY),
        (images.STATES, "CREATE_FAILED", Phase.FAILED),
        (images.STATES, "ERROR", Phase.FAILED),
        (images.STATES, "DELETED", Phase.GONE),
    ],
)
def test_a_status_means(states: States, status: str, phase: Phase) -> None:
    assert states.phase(status) is phase


READY, STOPPED = {8}, {10, 12, 13}
FAILED = {3, 5, 6, 11, 14, 16, 17, 21, 22}


@pytest.mark.parametrize("number", sorted(STATUS_NAMES))
def test_a_status_of_a_job_means(number: int) -> None:
    phase = visualization_jobs.STATES.phase(STATUS_NAMES[number])
    expected = {Phase.READY: READY, Phase.STOPPED: STOPPED, Phase.FAILED: FAILED}
    assert phase is next((each for each, numbers in expected.items() if number in numbers), Phase.BUSY)


OPERATIONS: list[tuple[Operation[Any], str, str, bool]] = [
    (tensorboards.CREATE, "POST", "/api/v1/tensorboards", False),
    (tensorboards.GET, "GET", "/api/v1/tensorboards/x", True),
    (tensorboards.LIST, "GET", "/api/v1/tensorboards", True),
    (tensorboards.UPDATE, "PUT", "/api/v1/tensorboards/x", True),
    (tensorboards.START, "PUT", "/api/v1/tensorboards/x/start", True),
    (tensorboards.STOP, "PUT", "/api/v1/tensorboards/x/stop", True),
    (tensorboards.DELETE, "DELETE", "/api/v1/tensorboards/x", True),
    (visualization_jobs.CREATE, "POST", "/v1/p/visualization-jobs", False),
    (visualization_jobs.SHOW, "GET", "/v1/p/visualization-jobs/x", True),
    (visualization_jobs.LIST, "GET", "/v1/p/visualization-jobs", True),
    (visualization_jobs.UPDATE, "PUT", "/v1/p/visualization-jobs/x", True),
    (visualization_jobs.STOP, "POST", "/v1/p/visualization-jobs/x/stop", False),
    (visualization_jobs.RESTART, "POST", "/v1/p/visualization-jobs/x/restart", False),
    (visualization_jobs.DELETE, "DELETE", "/v1/p/visualization-jobs/x", True),
    (images.REGISTER, "POST", "/v1/p/images", False),
    (images.SHOW, "GET", "/v1/p/images/x", True),
    (images.LIST, "GET", "/v1/p/images", True),
    (images.DELETE, "DELETE", "/v1/p/images/x", True),
]


@pytest.mark.parametrize(("operation", "verb", "path", "repeatable"), OPERATIONS, ids=lambda value: str(value)[:24])
def test_an_operation_is_written_down_as_documented(
    operation: Operation[Any], verb: str, path: str, repeatable: bool
) -> None:
    assert (operation.verb, operation.url({"id": "x", "project_id": "p"})) == (verb, path)
    assert operation.repeatable is repeatable
