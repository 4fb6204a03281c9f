"""Hold all rows together. Knows where they are; not what is in them."""

from __future__ import annotations

from . import rows_iam, rows_images, rows_jobs, rows_pai
from .rows import Row

__all__ = ["ROWS"]

ROWS: tuple[Row, ...] = (*rows_pai.ROWS, *rows_jobs.ROWS, *rows_images.ROWS, *rows_iam.ROWS)
