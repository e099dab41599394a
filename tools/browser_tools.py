"""Installs what the browser tests and the widget's type check need, where this machine can; says why where it cannot.

    python -m tools.browser_tools [--npm-only]

Never fails: the tests that need what is missing are skipped with their reason.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "package-lock.json"
INSTALLED = ROOT / "node_modules" / ".package-lock.json"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-dejavu", "fonts-noto-core")
"""The fonts have the letters of the languages that the tests write in."""

INSTALL_SECONDS = 600


def main(arguments: list[str] | None = None) -> int:
    """Gives 0, whatever could be installed."""
    parser = argparse.ArgumentParser(description="Install Chromium and the npm tools, where this machine can.")
    parser.add_argument("--npm-only", action="store_true", help="leave the browser out")
    reasons = [install_npm_tools()]
    if not parser.parse_args(arguments).npm_only:
        reasons.append(install_chromium())
    for reason in filter(None, reasons):
        print(reason, flush=True)
    return 0


def find_chromium() -> str | None:
    """Gives the path of a Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def install_npm_tools() -> str:
    """Runs `npm ci` unless its result is there already. Gives the reason why not, or nothing."""
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= LOCK.stat().st_mtime:
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "No npm on this machine: the widget's types and axe-core are not checked. Install Node.js 20 or newer."
    if not _succeeds([npm, "ci", "--silent"]):
        return "npm ci did not work, so the widget's types and axe-core may not be checked. Run it by hand to see why."
    INSTALLED.touch()
    return ""


def install_chromium() -> str:
    """Installs Chromium with apt-get where this is allowed. Gives the reason why not, or nothing."""
    if find_chromium():
        return ""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return "No Chromium on this machine, and no right to install it: browser tests are skipped. Install Chromium or Chrome."
    print("Installing Chromium for the browser tests", flush=True)
    install = [apt, "install", "--yes", "--no-install-recommends", *PACKAGES]
    if _succeeds(install) or (_succeeds([apt, "update"]) and _succeeds(install)):
        return ""
    return "apt-get could not install Chromium: browser tests are skipped."


def _succeeds(command: list[str]) -> bool:
    """Runs it quietly; what takes too long counts as failed."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
