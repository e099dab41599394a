"""`python -m evaluation.benchmark_public DIR` fits our intent classifier on BANKING77, CLINC150 and HWU64, in their published splits.

Writes docs/results/public-sets.md. Vectors and figures are kept in .cache/benchmark/public, so that an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import yaml
from rich.console import Console
from rich.progress import track
from sklearn.metrics import roc_auc_score

from evaluation.benchmark.errors import BenchmarkFailed
from evaluation.benchmark.public_report import Figure, Outside, write
from evaluation.benchmark.public_sets import PublicSet, Texts, read_sets
from language import intents, softmax
from language.encoder import Encoder, load_encoder
from language.errors import EncoderUnavailable
from language.vectors import VectorCache

ENCODERS = ("fp32", "int8", "tuned")
ACCEPTED = 0.95
AT_ONCE = 4000
"""Texts that are encoded before their vectors are stored."""

KEPT = Path(".cache/benchmark/public")
PAGE = Path("docs/results/public-sets.md")

console = Console(soft_wrap=True)


def main() -> int:
    """Return 1, with what to do, when the sets or an encoder are missing."""
    parser = argparse.ArgumentParser(prog="evaluation.benchmark_public", description=__doc__)
    parser.add_argument("folder", type=Path, help="with the public sets")
    parser.add_argument("--rows", type=int, help="of each part, to try things out; then the page is printed")
    parser.add_argument("--encoders", nargs="+", default=ENCODERS, choices=ENCODERS)
    arguments = parser.parse_args()
    try:
        sets = [each.first(arguments.rows) for each in read_sets(arguments.folder)]
        figures = [figure for name in arguments.encoders for figure in _measure_all(name, sets)]
    except (BenchmarkFailed, EncoderUnavailable) as error:
        print(error, file=sys.stderr)
        return 1
    _write(figures, arguments.rows)
    return 0


def _write(figures: list[Figure], rows: int | None) -> None:
    page = KEPT / PAGE.name if rows else PAGE
    folder = "DIR=../shared/public-sets"
    write(page, figures, [f"Strength of the classifier: {_strength():g}, as in config.yml.", f"Command: `make benchmark-public {folder}`."])
    console.print(page.read_text(encoding="utf-8") if rows else f"{page} is written.", markup=False)


def _measure_all(encoder_name: str, sets: list[PublicSet]) -> list[Figure]:
    encoder = load_encoder(encoder_name)
    return [figure for each in sets for figure in _measure_set(encoder_name, encoder, each)]


def _measure_set(encoder_name: str, encoder: Encoder, public: PublicSet) -> list[Figure]:
    vectors: dict[str, np.ndarray] = {}
    figures = []
    for split in public.trainings:
        path = KEPT / f"{encoder_name}-{public.name}-{split}-{_fingerprint(encoder, public)}.json"
        if not path.exists():
            vectors = vectors or _encode(encoder_name, encoder, public)
            _keep(path, measure(encoder_name, public, split, vectors))
        figures.append(_read(path))
        console.print(f"{encoder_name}, {public.name} {split}: {figures[-1].accuracy:.1%} ({figures[-1].seconds:.0f} s)")
    return figures


def measure(encoder_name: str, public: PublicSet, split: str, vectors: dict[str, np.ndarray]) -> Figure:
    """Fit on one split and return what the classifier reaches. `vectors`: by text."""
    training = public.trainings[split]
    rows = _rows(training, vectors)
    began = time.perf_counter()
    model = intents.fit(training.texts, training.classes, rows, strength=_strength())
    seconds = time.perf_counter() - began
    inside = _chances(model, public.test, vectors)
    right = [model.intents[best] == name for best, name in zip(inside.argmax(axis=1), public.test.classes, strict=True)]
    outside = None
    if public.outside.texts:
        valid, other = (_chances(model, part, vectors).max(axis=1) for part in (public.valid, public.outside))
        outside = tell_outside(valid, inside.max(axis=1), other)
    return Figure(encoder_name, public.name, split, float(np.mean(right)), seconds, outside)


def tell_outside(valid: np.ndarray, inside: np.ndarray, outside: np.ndarray) -> Outside:
    """Return how well confidence tells in-scope questions from others; the threshold comes from `valid`."""
    threshold = np.quantile(valid, 1 - ACCEPTED)
    truth = np.repeat([1, 0], [len(inside), len(outside)])
    auroc = float(roc_auc_score(truth, np.concatenate([inside, outside])))
    return Outside(auroc, float((outside < threshold).mean()), float((inside >= threshold).mean()))


def _chances(model: intents.IntentModel, part: Texts, vectors: dict[str, np.ndarray]) -> np.ndarray:
    return intents.chances(model.scores(part.texts, _rows(part, vectors)), temperature=1.0)


def _rows(part: Texts, vectors: dict[str, np.ndarray]) -> np.ndarray:
    return np.stack([vectors[text] for text in part.texts])


def _encode(encoder_name: str, encoder: Encoder, public: PublicSet) -> dict[str, np.ndarray]:
    """Vectors of the whole set, kept in a file of its own: those of the knowledge stay small."""
    cache = VectorCache(encoder, KEPT / f"{encoder.name}-{public.name}.npz")
    texts = public.all_texts()
    parts = [texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)]
    encoded = [cache.encode_all(part) for part in track(parts, description=f"{encoder_name}, {public.name}: encoding")]
    return dict(zip(texts, np.concatenate(encoded), strict=True))


def _fingerprint(encoder: Encoder, public: PublicSet) -> str:
    """Figures are kept only as long as data, classifier and encoder stay what they were."""
    vector = encoder.encode("How long does it take?").tobytes()
    data = json.dumps([_strength(), *(asdict(part) for part in public.trainings.values()), asdict(public.test)])
    code = inspect.getsource(intents) + inspect.getsource(softmax)
    return hashlib.sha256(vector + data.encode() + code.encode()).hexdigest()[:12]


def _keep(path: Path, figure: Figure) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(figure)), encoding="utf-8")


def _read(path: Path) -> Figure:
    stored = json.loads(path.read_text(encoding="utf-8"))
    outside = stored.pop("outside")
    return Figure(**stored, outside=Outside(**outside) if outside else None)


def _strength() -> float:
    """What Rasa trains our classifier with."""
    pipeline = yaml.safe_load(Path("config.yml").read_text(encoding="utf-8"))["pipeline"]
    return float(next(each["C"] for each in pipeline if "C" in each))


if __name__ == "__main__":
    sys.exit(main())
