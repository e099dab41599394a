"""A small published release with the real search over it, on words alone."""

from datetime import date
from functools import cache
from pathlib import Path

from knowledge.building import build_search, read_materials
from knowledge.published import Published, PublishedAnswer, PublishedSource
from knowledge.search import Search

SOURCE = PublishedSource("A page", "https://example.org/page", date(2026, 11, 21))


def make_answer(identifier: str, question: str, text: str, phrasings: list[str], procedures: tuple[str, ...] = ()) -> PublishedAnswer:
    """Return a published answer with plausible other values."""
    return PublishedAnswer(
        id=identifier,
        version=1,
        topic=identifier.split("/")[0],
        procedures=procedures,
        question=question,
        text=text,
        script=text,
        note=None,
        reviewed_on=None,
        review_due_on=date(2027, 5, 21),
        sources=(SOURCE,),
        phrasings=tuple(phrasings),
    )


ANSWERS = (
    make_answer(
        "recovery/gracilis",
        "How long is recovery after gracilis?",
        "It may take two to three weeks after gracilis.",
        ["gracilis recovery time", "weeks off work after gracilis", "healing after gracilis", "when can i work after gracilis"],
        ("gracilis",),
    ),
    make_answer(
        "recovery/eyelid-weight",
        "How long is recovery after an eyelid weight?",
        "The lid may be swollen for one to two weeks.",
        [
            "eyelid weight recovery time",
            "weeks off work after eyelid weight",
            "healing after eyelid weight",
            "swollen lid after the weight",
        ],
        ("eyelid-weight",),
    ),
    make_answer(
        "insurance/accepted-plans",
        "Which insurance plans are accepted?",
        "Look at the list of accepted insurance plans.",
        ["do you take my insurance", "which insurance plans are accepted", "is my insurance accepted here", "insurance list"],
    ),
    make_answer(
        "anesthesia/general",
        "Will I be asleep?",
        "General anesthesia is likely.",
        ["will i be asleep", "am i put under general anesthesia", "is it done asleep", "anesthesia for the surgery"],
    ),
)


def small_published() -> Published:
    """Return a release of ANSWERS."""
    return Published(
        release_id=1,
        answers=ANSWERS,
        procedure_names={"gracilis": "Gracilis muscle transfer", "eyelid-weight": "Eyelid weight"},
        topic_names={"recovery": "Recovery", "insurance": "Insurance", "anesthesia": "Anesthesia"},
        parents={"gracilis": None, "eyelid-weight": None},
    )


@cache
def small_search() -> Search:
    """Return the real search over the small release, with the shipped classes and the fitted words model; built once."""
    return build_search(small_published(), read_materials(Path("data"), use_vectors=False))
