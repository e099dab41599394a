from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from deploy import audit_packages
from deploy.audit_packages import IGNORED, LOCKS, Hole, Judgement, holes_in, is_judged, outdated, pins, read_judgements

WHY = "Nothing from outside comes near it, as somebody has checked."


def judgement(**more: Any) -> Judgement:
    values = {"package": "rasa", "version": "3.6.21", "environment": "bot", "holes": ["CVE-1"], "why": WHY}
    return Judgement(**values | {"reviewed_on": date(2026, 11, 21), "review_by": date(2027, 5, 21)} | more)


def hole(**more: Any) -> Hole:
    return Hole(**{"environment": "bot", "package": "rasa", "version": "3.6.21", "names": ("GHSA-1", "CVE-1"), "fixed_in": ()} | more)


def report(*, skipped: bool = False, vulnerabilities: tuple[dict[str, object], ...] = ()) -> list[dict[str, object]]:
    if skipped:
        return [{"name": "rasa", "skip_reason": "Dependency not found on PyPI"}]
    return [{"name": "Rasa", "version": "3.6.21", "vulns": list(vulnerabilities)}]


def test_judged_hole_does_not_count() -> None:
    assert is_judged(hole(), [judgement()])
    assert is_judged(hole(names=("CVE-2",)), [judgement(holes="all")])


@pytest.mark.parametrize("other", [{"names": ("CVE-2",)}, {"version": "3.6.22"}, {"environment": "app"}, {"package": "sanic"}])
def test_other_hole_counts(other: dict[str, Any]) -> None:
    assert not is_judged(hole(**other), [judgement()])


def test_report_is_read() -> None:
    found = list(
        holes_in("bot", {"dependencies": report(vulnerabilities=({"id": "GHSA-1", "aliases": ["CVE-1"], "fix_versions": ["4"]},))})
    )
    assert found == [hole(fixed_in=("4",))]


def test_judgement_ends_with_its_day_and_its_version() -> None:
    (version,) = pins(LOCKS["bot"])["rasa"]
    good = judgement(version=version)
    assert list(outdated([good], good.review_by - timedelta(days=1))) == []
    assert len(list(outdated([good], good.review_by))) == 1
    assert len(list(outdated([judgement(version="1.0")], good.reviewed_on))) == 1


def test_shipped_judgements_fit_the_locks() -> None:
    judged = read_judgements()
    assert judged
    assert list(outdated(judged, max(each.reviewed_on for each in judged))) == []
    assert {each.environment for each in judged} == {"bot"}  # what faces people has no excuse
    assert len({(each.package, each.environment) for each in judged}) == len(judged)


def test_judgement_without_a_reason_is_refused() -> None:
    with pytest.raises(ValidationError):
        judgement(why="fine")


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ((None, None), 3),
        ((report(skipped=True), report(skipped=True)), 3),
        ((report(), report()), 0),
        ((report(), report(vulnerabilities=({"id": "CVE-9", "fix_versions": []},))), 0),
        ((report(vulnerabilities=({"id": "CVE-9", "fix_versions": []},)), report()), 1),
    ],
)
def test_status_says_what_was_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answers: tuple[Any, Any], status: int) -> None:
    given = iter(answers)
    monkeypatch.setattr(audit_packages, "_without_doubles", lambda lines: iter([lines]))
    monkeypatch.setattr(audit_packages, "_pip_audit", lambda lines: next(given))
    monkeypatch.setattr(audit_packages, "outdated", lambda judged, today: iter(()))
    assert IGNORED.exists()
    assert audit_packages.main() == status
