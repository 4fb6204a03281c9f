"""Laws of refusals: what the user reads and what the engine does when something went wrong. Knows no RPC."""

from __future__ import annotations

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2

from mlworkbench.hosts.refusals import ISSUES, Refusal, missing_configuration, refusal
from mlworkbench.hosts.settings import Missing
from mlworkbench.lifecycle.outcome import NotDone
from mlworkbench.wire import errors
from mlworkbench.wire.errors import Answer, CloudError

ANSWER = Answer(400, "Thing.Wrong", "the thing is wrong", "R-1")


def cloud_error(kind: type[CloudError]) -> CloudError:
    return (
        errors.Unreachable("MakeThing", ANSWER, sent=True) if kind is errors.Unreachable else kind("MakeThing", ANSWER)
    )


def kinds(base: type[CloudError] = CloudError) -> list[type[CloudError]]:
    return [kind for child in base.__subclasses__() for kind in (child, *kinds(child))]


# To the engine these three mean that nobody knows what has happened to the resource.
UNCLEAR = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DATA_LOSS}


@pytest.mark.parametrize("kind", kinds())
def test_every_error_of_a_cloud_has_a_status_code_that_is_understood(kind: type[CloudError]) -> None:
    refused = refusal(cloud_error(kind))
    assert refused.code not in UNCLEAR | {grpc.StatusCode.OK, grpc.StatusCode.CANCELLED}
    assert refused.trace == ""


@pytest.mark.parametrize("kind", kinds())
def test_the_user_reads_what_was_tried_what_came_back_and_the_request_id(kind: type[CloudError]) -> None:
    message = refusal(cloud_error(kind)).message
    for fact in ("MakeThing", "the thing is wrong", "Thing.Wrong", "R-1", kind.advice):
        assert fact in message


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.NotFound("X", ANSWER), grpc.StatusCode.NOT_FOUND),
        (errors.AlreadyExists("X", ANSWER), grpc.StatusCode.ALREADY_EXISTS),
        (errors.InvalidRequest("X", ANSWER), grpc.StatusCode.INVALID_ARGUMENT),
        (errors.PermissionDenied("X", ANSWER), grpc.StatusCode.PERMISSION_DENIED),
        (errors.Unauthenticated("X", ANSWER), grpc.StatusCode.UNAUTHENTICATED),
        (errors.Throttled("X", ANSWER), grpc.StatusCode.RESOURCE_EXHAUSTED),
        (errors.Unavailable("X", ANSWER), grpc.StatusCode.UNAVAILABLE),
        (errors.Unreachable("X", ANSWER, sent=False), grpc.StatusCode.UNAVAILABLE),
        (NotDone("not done"), grpc.StatusCode.ABORTED),
    ],
)
def test_a_status_code_says_what_kind_of_trouble_it_is(error: Exception, code: grpc.StatusCode) -> None:
    assert refusal(error).code is code


def test_what_was_not_done_is_told_in_its_own_words() -> None:
    assert refusal(NotDone("Thing t-1 was not deleted.")).message == "Thing t-1 was not deleted."


def test_a_refusal_stays_as_it_is() -> None:
    mine = Refusal(grpc.StatusCode.ABORTED, "mine")
    assert refusal(mine) is mine


def fall(value: str) -> None:
    raise KeyError(value)


def test_an_unforeseen_error_is_said_to_be_a_bug_and_holds_no_value_of_the_user() -> None:
    value = "".join(("s3", "cr3t"))
    with pytest.raises(KeyError) as caught:
        fall(value)
    refused = refusal(caught.value)
    assert refused.code is grpc.StatusCode.INTERNAL
    assert "bug in mlworkbench" in refused.message
    assert "KeyError" in refused.message
    assert "fall, line" in refused.message
    assert ISSUES in refused.message
    assert value not in refused.message
    assert value not in refused.trace
    assert "test_refusals.py" in refused.trace


def test_an_unforeseen_error_that_was_never_raised_is_told_too() -> None:
    assert "bug in mlworkbench" in refusal(RuntimeError("x")).message


def test_a_refusal_without_detail_has_no_metadata() -> None:
    assert refusal(NotDone("x")).metadata() == ()


MISSING = [
    Missing("paiRegion", "Region of PAI.", ("MLWORKBENCH_PAI_REGION", "ALIBABA_CLOUD_REGION_ID")),
    Missing("paiAccessKeySecret", "Secret of the access key.", ("ALIBABA_CLOUD_ACCESS_KEY_SECRET",)),
]


def test_missing_keys_are_told_with_full_name_command_and_variable() -> None:
    refused = missing_configuration(MISSING)
    assert refused.code is grpc.StatusCode.INVALID_ARGUMENT
    for text in (
        "mlworkbench:paiRegion",
        "Region of PAI.",
        "pulumi config set mlworkbench:paiRegion",
        "MLWORKBENCH_PAI_REGION or ALIBABA_CLOUD_REGION_ID",
        "pulumi config set --secret mlworkbench:paiAccessKeySecret",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ):
        assert text in refused.message


def test_the_engine_can_read_which_keys_are_missing() -> None:
    refused = missing_configuration(MISSING)
    ((name, content),) = refused.metadata()
    assert name == "grpc-status-details-bin"
    status = status_pb2.Status.FromString(content)
    assert status.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert status.message == refused.message
    detail = provider_pb2.ConfigureErrorMissingKeys()
    assert status.details[0].Unpack(detail)
    assert [key.name for key in detail.missingKeys] == ["mlworkbench:paiRegion", "mlworkbench:paiAccessKeySecret"]
    assert detail.missingKeys[0].description.startswith("Region of PAI.")
    assert "ALIBABA_CLOUD_REGION_ID" in detail.missingKeys[0].description


def test_any_detail_can_be_read_from_the_metadata() -> None:
    detail = provider_pb2.ErrorResourceInitFailed(id="t-1", reasons=["Failed"])
    ((_, content),) = Refusal(grpc.StatusCode.UNKNOWN, "failed", detail).metadata()
    found = provider_pb2.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(content).details[0].Unpack(found)
    assert (found.id, list(found.reasons)) == ("t-1", ["Failed"])
