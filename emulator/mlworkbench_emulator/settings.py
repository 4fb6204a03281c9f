"""Hold what a user of the emulator may choose. Knows names, limits and undocumented choices; not how they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal, get_args

from .accounts import ALIBABA_COLLEAGUE, ALIBABA_OWNER, HUAWEI_USER, AlibabaUser, HuaweiUser

__all__ = ["Settings", "SettingsError"]

DeletedImages = Literal["not-found", "http-404", "deleted"]


class SettingsError(ValueError):
    """A setting that does not exist, or a value of the wrong type."""


@dataclass(frozen=True)
class Settings:
    """What the fake clouds are like. Fields that the vendors leave open say so."""

    alibaba_users: tuple[AlibabaUser, ...] = (ALIBABA_OWNER, ALIBABA_COLLEAGUE)
    huawei_users: tuple[HuaweiUser, ...] = (HUAWEI_USER,)
    pai_region: str = "cn-hangzhou"
    modelarts_region: str = "cn-north-4"
    otc_region: str = "eu-de"

    tensorboard_cap: int = 5
    """How many TensorBoards of one account may be up at a time."""
    tensorboard_timer_status: str = "Stopped"
    """Where one ends that ran for MaxRunningTimeMinutes (undocumented: Stopped or Succeeded)."""
    delete_running_tensorboards: bool = False
    """The documents say that a *stopped* one is deleted; an old client of the vendor deletes a running one."""
    keep_deleted_tensorboards: bool = False
    """Whether a deleted one can still be read, with status Deleted (undocumented; the vendor's sample hints at it)."""
    priority_needs_quota: bool = False
    """Whether a new Priority is answered with 200 and dropped unless a quota is used (documented for DLC jobs)."""

    job_limit: int = 100
    """How many visualization jobs a project may have."""
    job_errors_as_200: bool = False
    """Whether the job service reports its own failures with HTTP 200 and is_success false."""
    job_timer_status: int = 12
    """Where a job ends that ran for its schedule's duration (undocumented: 10, 12 or 13)."""
    job_delete_refused_in: tuple[int, ...] = (9,)
    """Statuses in which a job cannot be deleted (only 9 is documented)."""

    swr_contents_checked: bool = True
    """Whether registering an image fails when its content was deleted from SWR."""
    deleted_images: DeletedImages = "not-found"
    """What reading a deleted image gives (undocumented): 400 with ModelArts.6404, 404, or 200 with status DELETED."""

    bad_signature_limit: int = 5
    """How many bad signatures in a row a key may make before it is locked for five minutes; 0 for no limit."""

    def changed(self, changes: Mapping[str, object]) -> Settings:
        """Give the settings with `changes`, whose values come from JSON."""
        return replace(self, **{name: self._converted(name, value) for name, value in changes.items()})  # type: ignore[arg-type]

    def plain(self) -> dict[str, object]:
        """Give the settings that JSON can show and change: all but the accounts."""
        return {field.name: getattr(self, field.name) for field in fields(self) if not field.name.endswith("_users")}

    def _converted(self, name: str, value: object) -> object:
        known = self.plain()
        if name not in known:
            raise SettingsError(f"there is no setting '{name}'; there are: {', '.join(sorted(known))}")
        now = known[name]
        if isinstance(now, tuple) and isinstance(value, list) and all(type(item) is int for item in value):
            return tuple(value)
        if type(value) is not type(now):
            raise SettingsError(f"'{name}' takes a value of the kind of {now!r}, not {value!r}")
        if name == "deleted_images" and value not in get_args(DeletedImages):
            raise SettingsError(f"'{name}' is one of {', '.join(get_args(DeletedImages))}, not {value!r}")
        return value
