"""Hold the statuses of the vendors' pages, and the part that each plays. Knows no client and no call."""

from __future__ import annotations

__all__ = ["BOARD_STATUSES", "IMAGE_STATUSES", "ROLES", "STATUSES"]

BOARD_STATUSES = "Pending Creating Running Stopping Stopped Succeeded Failed Creating_Failed Deleting Deleted"
IMAGE_STATUSES = "INIT CREATING CREATE_FAILED ERROR DELETED ACTIVE"

# What part each status plays, of the tables of statuses and the vendors' own tools; a name that is in none is passed on
# the way to something else.
ROLES: dict[str, dict[str, str]] = {
    "pai:Tensorboard": {
        "up": "Running",
        "settled": "Stopped Succeeded",
        "failed": "Failed Creating_Failed",
        "gone": "Deleted",
        "going down": "Stopping",
        "going away": "Deleting",
        "coming up": "Pending Creating",
    },
    "modelarts:VisualizationJob": {
        "up": "RUNNING",
        "settled": "COMPLETED KILLED CANCELED",
        "failed": "IMAGE_FAILED SUBMIT_FAILED DELETE_FAILED FAILED LOST SUBMIT_MODEL_FAILED DEPLOY_SERVICE_FAILED"
        " CHECK_FAILED MOUNT_FAILED",
        "going down": "KILLING",
        "coming up": "INIT IMAGE_CREATING SUBMIT_TRYING WAITING SCALING CHECK_INIT CHECK_RUNNING"
        " CHECK_RUNNING_COMPLETED",
    },
    "modelarts:Image": {
        "up": "ACTIVE",
        "failed": "CREATE_FAILED ERROR",
        "gone": "DELETED",
        "coming up": "INIT CREATING",
    },
}

# The numbers of a job's status; the older name of 7 is DEPLOYING.
STATUSES = (
    *("UNKNOWN", "INIT", "IMAGE_CREATING", "IMAGE_FAILED", "SUBMIT_TRYING", "SUBMIT_FAILED", "DELETE_FAILED"),
    *("WAITING", "RUNNING", "KILLING", "COMPLETED", "FAILED", "KILLED", "CANCELED", "LOST", "SCALING"),
    *("SUBMIT_MODEL_FAILED", "DEPLOY_SERVICE_FAILED", "CHECK_INIT", "CHECK_RUNNING", "CHECK_RUNNING_COMPLETED"),
    *("CHECK_FAILED", "MOUNT_FAILED"),
)
