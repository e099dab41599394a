"""Finds the e-mail domain that was probably meant. Only a suggestion: unusual domains exist."""

from symspellpy.editdistance import DistanceAlgorithm, EditDistance

COMMON = (
    *("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "comcast.net", "verizon.net", "msn.com", "live.com"),
    *("att.net", "sbcglobal.net", "bellsouth.net", "charter.net", "cox.net", "protonmail.com", "proton.me", "googlemail.com", "ymail.com"),
    *(
        "me.com",
        "mac.com",
        "mail.com",
        "email.com",
        "gmx.com",
        "gmx.net",
        "gmx.de",
        "web.de",
        "hotmail.co.uk",
        "yahoo.co.uk",
        "fastmail.com",
    ),
)
"""Large providers. What is among them is never called a misspelling."""

MEANT = tuple(domain for domain in COMMON if len(domain.partition(".")[0]) >= 5)
"""Providers whose misspellings are told from other domains: one wrong letter in a short name may be another provider."""

ENDINGS = {"con": "com", "cmo": "com", "ocm": "com", "comm": "com", "vom": "com", "xom": "com", "ogr": "org", "nte": "net", "ent": "net"}
"""Endings that no domain has, by what is meant. Source: https://data.iana.org/TLD/tlds-alpha-by-domain.txt has none of them."""

_DISTANCE = EditDistance(DistanceAlgorithm.DAMERAU_OSA)
_FAR = 2
_LONG = 7


def suggest_domain(domain: str) -> str | None:
    """Return the domain that was probably meant by `domain` in small letters; None when it looks right."""
    if domain in COMMON:
        return None
    name, _, ending = domain.rpartition(".")
    mended = f"{name}.{ENDINGS.get(ending, ending)}"
    near = next((known for known in MEANT if _is_near(mended, known)), mended)
    return near if near != domain else None


def _is_near(domain: str, known: str) -> bool:
    """One wrong, missing or swapped letter; two in a long name with the right ending."""
    distance: int = _DISTANCE.compare(domain, known, _FAR)
    name, _, ending = known.partition(".")
    far = _FAR if len(name) >= _LONG and domain.endswith(f".{ending}") else 1
    return 0 <= distance <= far
