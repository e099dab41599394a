"""Checks the types of the widget and of the pages' scripts with `tsc`; says why where it cannot.

python -m tools.widget_types
"""

import shutil
import subprocess
import sys

from tools.browser_tools import ROOT, install_npm_tools

TSC = ROOT / "node_modules" / ".bin" / "tsc"


def main() -> int:
    """Gives what `tsc` gives; 0, with a reason, where there is none."""
    if reason := install_npm_tools():
        print(reason)
    if not TSC.exists() or shutil.which("node") is None:
        print("No TypeScript here: the widget's types were not checked.")
        return 0
    return subprocess.run([TSC, "--noEmit", "--checkJs"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
