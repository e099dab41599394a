"""The command line of the knowledge base: `python -m knowledge check | coverage | import`."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from database.engine import open_database
from database.errors import DatabaseError
from database.migrate import upgrade
from database.settings import DatabaseSettings
from knowledge.checks import read_checked
from knowledge.content import Content
from knowledge.coverage import Coverage, measure_coverage
from knowledge.errors import ContentInvalid, KnowledgeError
from knowledge.importing import import_content

FOLDER = Path("data/knowledge")
console = Console(soft_wrap=True)


def check(folder: Path) -> None:
    """Print what the knowledge files hold; every fault is an error."""
    content = read_checked(folder)
    phrasings = sum(len(answer.phrasings) for answer in content.answers)
    console.print(f"{len(content.answers)} answers with {phrasings} phrasings: no faults.")


def coverage(folder: Path) -> None:
    """Print fact → answers, and the matrix of topics and procedures with its empty cells."""
    content = read_checked(folder)
    measured = measure_coverage(content)
    for fact, answers in measured.answers_of_fact.items():
        console.print(f"{fact:>5}  {', '.join(answers) or '[yellow]no answer[/]'}", highlight=False)
    console.print(_matrix(content, measured), highlight=False)
    covered = len(measured.answers_of_fact) - len(measured.uncovered)
    console.print(f"{covered} of {len(measured.answers_of_fact)} facts are carried.")
    console.print(f"Without an answer: {', '.join(measured.uncovered) or 'none'}")


def _matrix(content: Content, measured: Coverage) -> str:
    """One line for each procedure, one column for each topic; the columns are named by their first letters."""
    topics = [topic.id for topic in content.topics]
    lines = ["", "Answers by procedure and topic (· none)", f"{'':30}" + " ".join(f"{topic[:4]:>4}" for topic in topics)]
    for procedure in ("", *(procedure.id for procedure in content.procedures)):
        counts = (len(measured.answers_of_cell.get((topic, procedure), ())) for topic in topics)
        lines.append(f"{procedure or 'general':30}" + " ".join(f"{count or '·':>4}" for count in counts))
    return "\n".join(lines) + "\n"


def publish(folder: Path) -> None:
    """Check the files, bring them into the database, and publish them."""
    content = read_checked(folder)
    engine = open_database(DatabaseSettings().database_url)
    upgrade(engine)
    imported = import_content(engine, content)
    console.print(
        f"Release {imported.release_id}: {len(imported.added)} added, {len(imported.changed)} changed, {len(imported.retired)} retired."
    )


COMMANDS = {"check": check, "coverage": coverage, "import": publish}


def main() -> int:
    """Run one command; faults go to standard error, and the exit status is 1."""
    parser = argparse.ArgumentParser(prog="knowledge", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    try:
        COMMANDS[arguments.command](arguments.folder)
    except (KnowledgeError, DatabaseError) as error:
        print(error, file=sys.stderr)
        if isinstance(error, ContentInvalid):
            print(f"Number of faults: {len(error.problems)}. Nothing was changed.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
