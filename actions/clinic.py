"""The clinic's own facts, from data/clinic.yml."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from actions.errors import ClinicInvalid


class Clinic(BaseModel):
    """What replies need of the clinic."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = Field(min_length=1)
    phone: str = Field(min_length=1)
    emergency_number: str = Field(min_length=1)
    example: bool = False


def read_clinic(path: Path) -> Clinic:
    """Read the clinic's facts.

    Raises:
        ClinicInvalid: the file is missing, or a line of it.
    """
    try:
        return Clinic.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: pydantic's, and text that is no UTF-8
        raise ClinicInvalid(f"{path} cannot be used: {error}. See docs/configuration.md.") from error
