"""`python -m bot <rasa arguments>` runs Rasa with our measures and checked settings.

`python -m bot run` listens on loopback and loads our channel, and takes a model and a port only; `train`, `data` and `test` are
Rasa's own commands.
"""

from __future__ import annotations

import os
import sys
import warnings

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SQLALCHEMY_WARN_20": "0",
    "COMPRESS_ACTION_SERVER_REQUEST": "false",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}

DEFAULTS = {"FRONTDESK_ACTIONS_URL": "http://127.0.0.1:5055/webhook", "FRONTDESK_RASA_SECRET": ""}

RUN = ["--interface", "127.0.0.1", "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]

RUN_MAY = {"--model", "-m", "--port", "-p", "--help", "-h"}
"""Every other option of `rasa run` opens a way in (--enable-api, --interface), or logs what people say (--debug)."""

QUIET_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
"""Below them Rasa logs what people say."""


def main() -> None:
    """Hand over to Rasa. Settings come first, since Rasa reads some of them when it is imported."""
    os.environ.update(QUIET)
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if sys.argv[1:2] == ["run"]:
        _prepare_run()
    import sanic.app  # noqa: F401  it turns deprecation warnings on when it is imported, so it comes first

    warnings.filterwarnings("ignore")
    from rasa.__main__ import main as run_rasa

    from bot import speedups

    speedups.apply()
    sys.argv[0] = "rasa"
    run_rasa()


def _prepare_run() -> None:
    """Add our arguments and keep Rasa quiet; ends the process, with what to do, when an argument would open Rasa."""
    refused = [argument for argument in sys.argv[2:] if argument.startswith("-") and argument.partition("=")[0] not in RUN_MAY]
    if refused:
        sys.exit(f"`python -m bot run` takes --model and --port only: leave out {', '.join(refused)} (docs/safety.md).")
    sys.argv[2:2] = RUN
    if os.environ.get("LOG_LEVEL", "").upper() not in QUIET_LEVELS:
        os.environ["LOG_LEVEL"] = "WARNING"


if __name__ == "__main__":
    main()
