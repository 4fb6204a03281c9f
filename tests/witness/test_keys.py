"""Our client shows refused keys once, and names a wrong clock as such.

Counted is what the emulator was asked: the clouds lock a key after five bad signatures in a row.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import replace
from typing import Any

import pytest

from mlworkbench.wire.client import Client
from mlworkbench.wire.errors import CloudError, Unauthenticated, Unreachable, WrongClock
from mlworkbench_emulator import Emulator, Fault
from mlworkbench_emulator.accounts import (
    ALIBABA_OWNER,
    HUAWEI_USER,
    AccessKey,
)
from mlworkbench_emulator.serving import running

from . import vendors as official
from .facts import LONGEST_SKEW_SECONDS, TOLERATED_BAD_SIGNATURES
from .ours import Ours, look, modelarts_keys, pai_keys

CALLS = 4


def spoilt(key: AccessKey) -> AccessKey:
    return replace(key, secret="not the secret")


def unknown(key: AccessKey) -> AccessKey:
    return replace(key, id="NobodysKeyId")


def client_with(ours: Ours, service: str, key: AccessKey) -> Client:
    return ours.pai(**pai_keys(key)) if service == "pai" else ours.huawei(**modelarts_keys(key))


KEYS = {"pai": ALIBABA_OWNER.keys[0], "modelarts": HUAWEI_USER.keys[0]}


@pytest.mark.parametrize("spoil", [spoilt, unknown])
@pytest.mark.parametrize("service", KEYS)
async def test_a_refused_key_is_shown_once(service: str, spoil: Any, ours: Ours, emulator: Emulator) -> None:
    client = client_with(ours, service, spoil(KEYS[service]))
    for _ in range(CALLS):
        with pytest.raises(Unauthenticated):
            await look(client)
    assert len(emulator.journal) == 1


@pytest.mark.parametrize("service", KEYS)
async def test_a_refused_key_is_shown_once_by_any_number_of_calls(service: str, ours: Ours, emulator: Emulator) -> None:
    client = client_with(ours, service, spoilt(KEYS[service]))
    told = await asyncio.gather(*(look(client) for _ in range(CALLS)), return_exceptions=True)
    assert [type(each) for each in told] == [Unauthenticated] * CALLS
    assert len(emulator.journal) == 1


async def test_a_key_with_a_wrong_secret_is_not_locked_by_us(ours: Ours, url: str, emulator: Emulator) -> None:
    emulator.settings = emulator.settings.changed({"bad_signature_limit": TOLERATED_BAD_SIGNATURES})
    client = client_with(ours, "modelarts", spoilt(KEYS["modelarts"]))
    for _ in range(3 * TOLERATED_BAD_SIGNATURES):
        with pytest.raises(CloudError):
            await look(client)
    official.jobs_on_core(url).list_jobs()


def take_back(emulator: Emulator) -> None:
    """Give every key another secret than its owner knows."""
    emulator.settings = replace(
        emulator.settings,
        alibaba_users=(replace(ALIBABA_OWNER, keys=(spoilt(KEYS["pai"]),)),),
        huawei_users=(replace(HUAWEI_USER, keys=(spoilt(KEYS["modelarts"]),)),),
    )


@pytest.mark.parametrize("service", KEYS)
async def test_a_key_that_is_taken_back_is_not_locked_by_us(service: str, ours: Ours, emulator: Emulator) -> None:
    client = client_with(ours, service, KEYS[service])
    await look(client)
    take_back(emulator)
    for _ in range(3 * TOLERATED_BAD_SIGNATURES):
        with pytest.raises(Unauthenticated):
            await look(client)
    refused = [entry for entry in emulator.journal if entry.status >= 400]
    assert 1 <= len(refused) <= TOLERATED_BAD_SIGNATURES


@pytest.mark.parametrize("service", KEYS)
async def test_silence_is_no_sign_that_a_key_is_good(service: str, ours: Ours, emulator: Emulator) -> None:
    client = client_with(ours, service, KEYS[service])
    emulator.faults.add(Fault("*", drop_connection=True))
    with pytest.raises(Unreachable):
        await look(client)
    take_back(emulator)
    told = await asyncio.gather(*(look(client) for _ in range(3 * CALLS)), return_exceptions=True)
    assert {type(each) for each in told} == {Unauthenticated}
    assert len([entry for entry in emulator.journal if entry.status >= 400]) == 1


@pytest.mark.parametrize("service", KEYS)
async def test_one_refusal_between_good_answers_is_forgiven(service: str, ours: Ours, emulator: Emulator) -> None:
    client = client_with(ours, service, KEYS[service])
    code = "SignatureDoesNotMatch" if service == "pai" else "APIGW.0301"
    for _ in range(3 * TOLERATED_BAD_SIGNATURES):
        await look(client)
        emulator.faults.add(Fault("*", 401, code))
        with pytest.raises(Unauthenticated):
            await look(client)
    await look(client)


@pytest.mark.parametrize("service", KEYS)
@pytest.mark.parametrize("ahead", [LONGEST_SKEW_SECONDS + 60, -LONGEST_SKEW_SECONDS - 60])
async def test_a_wrong_clock_is_named_as_such_and_shown_once(service: str, ahead: int) -> None:
    emulator = Emulator(real_time=lambda: time.time() + ahead)
    with running(emulator) as url:
        provider = Ours(url)
        client = client_with(provider, service, KEYS[service])
        for _ in range(CALLS):
            with pytest.raises(WrongClock) as caught:
                await look(client)
        await provider.close()
    assert len(emulator.journal) == 1
    said = re.search(r"clock is (\d+) s (\w+)", str(caught.value))
    assert said
    assert int(said[1]) == pytest.approx(abs(ahead), abs=3)
    assert said[2] == ("behind" if ahead > 0 else "ahead")
    emulator.close()
