"""`python -m deploy.sbom` writes a software bill of materials of each environment: CycloneDX, JSON (`make sbom`)."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path("var/sbom")
ENVIRONMENTS = {"app": ".venv/bin/python", "bot": ".venv-bot/bin/python"}


def main() -> int:
    """Write both files; return 1 when one could not be made."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    return max(_write(name, python) for name, python in ENVIRONMENTS.items())


def _write(name: str, python: str) -> int:
    file = FOLDER / f"{name}.cdx.json"
    options = ["--output-reproducible", "--of", "JSON", "-o", str(file), python]
    status = subprocess.run([sys.executable, "-m", "cyclonedx_py", "environment", *options], check=False).returncode
    print(f"Wrote {file}" if status == 0 else f"{file} could not be made.")
    return int(status != 0)


if __name__ == "__main__":
    sys.exit(main())
