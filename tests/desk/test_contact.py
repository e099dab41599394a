"""Contacts: one form, and clear words for what cannot be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.contact import MAX_NAME, Contact, read_contact
from desk.errors import ContactInvalid


@pytest.mark.parametrize(
    ("typed", "phone", "extension"),
    [
        ("312-555-0142", "+13125550142", None),
        ("(312) 555 0142", "+13125550142", None),
        ("1 312 555 0142", "+13125550142", None),
        ("+1.312.555.0142", "+13125550142", None),
        ("312-555-0142 ext. 5", "+13125550142", "5"),
        ("312 555 0142 x42", "+13125550142", "42"),
        ("+49 30 901820", "+4930901820", None),
        ("0049 30 901820", "+4930901820", None),
        ("+44 (0)20 7946 0958", "+442079460958", None),
        ("\u202d+1 312\u00a0555\u201301\u200b42\u202c", "+13125550142", None),
    ],
)
def test_phone_is_brought_into_one_form(typed: str, phone: str, extension: str | None) -> None:
    contact = read_contact("Ann Example", typed, None)
    assert (contact.phone, contact.extension, contact.email) == (phone, extension, None)


def test_phone_of_another_country_is_read_in_its_region() -> None:
    assert read_contact("Ann", "030 901820", "", "DE").phone == "+4930901820"


def test_phone_is_shown_and_linked_with_its_extension() -> None:
    contact = read_contact("Ann", "312-555-0142 ext. 5", "")
    assert (contact.phone_shown, contact.phone_link) == ("+1 312-555-0142 ext. 5", "tel:+13125550142;ext=5")
    by_mail = Contact(name="Ann", email="ann@example.org")
    assert (by_mail.phone_shown, by_mail.phone_link) == ("", "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("911", "too short"),
        ("555-0142", "area code is missing"),
        ("312-555-014", "too short|area code"),
        ("312-555-0142-7777", "too many digits"),
        ("000-000-0000", "does not look like"),
        ("call me", "does not look like"),
        ("+999 12345678", "does not look like"),
        ("1" * 500, "too long"),
        ("'; DROP TABLE handoffs; --", "does not look like"),
    ],
)
def test_impossible_phone_is_refused_with_words_that_help(typed: str, words: str) -> None:
    with pytest.raises(ContactInvalid, match=words) as caught:
        read_contact("Ann", typed, "ann@example.org")
    assert (caught.value.field, caught.value.suggestion) == ("phone", None)
    assert typed not in caught.value.message


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        ("ann@example.org", "ann@example.org"),
        (" Ann.B+clinic@EXAMPLE.ORG ", "Ann.B+clinic@example.org"),
        ("ann@mail.example.co.uk", "ann@mail.example.co.uk"),
        ("änn@exämple.org", "änn@exämple.org"),
        ("ann@gmail.com", "ann@gmail.com"),
        ("ann@hotmail.ca", "ann@hotmail.ca"),
        ("ann@gmail.com.au", "ann@gmail.com.au"),
        ("ann@gmx.net", "ann@gmx.net"),
    ],
)
def test_email_is_brought_into_one_form(typed: str, email: str) -> None:
    assert read_contact("Ann", "", typed).email == email


@pytest.mark.parametrize(
    "typed", ["ann", "ann@", "@example.org", "ann@localhost", "a b@example.org", "ann@example..org", "Ann <ann@example.org>", "a@b@c.org"]
)
def test_what_is_no_email_is_refused(typed: str) -> None:
    with pytest.raises(ContactInvalid, match="does not look like an e-mail") as caught:
        read_contact("Ann", "312-555-0142", typed)
    assert caught.value.field == "email"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("yaho.com", "yahoo.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotnail.con", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("iclod.com", "icloud.com"),
        ("example.con", "example.com"),
        ("example.ogr", "example.org"),
    ],
)
def test_misspelt_domain_is_asked_about(typed: str, meant: str) -> None:
    with pytest.raises(ContactInvalid, match=f"@{meant}") as caught:
        read_contact("Ann", None, f"ann@{typed}")
    assert (caught.value.field, caught.value.suggestion) == ("email", f"ann@{meant}")
    assert read_contact("Ann", None, f"ann@{typed}", keep_email=True).email == f"ann@{typed}"


def test_name_is_cleaned() -> None:
    assert read_contact(" \u202eAnn\x00\tExample \u200b\n", "312-555-0142", "").name == "Ann Example"
    assert read_contact("José Müller-O’Hara", "312-555-0142", "").name == "José Müller-O’Hara"
    assert read_contact("王秀英", "312-555-0142", "").name == "王秀英"
    assert len(read_contact("x" * MAX_NAME, "312-555-0142", "").name) == MAX_NAME


@pytest.mark.parametrize(
    ("name", "words"), [("x" * 10_000, "too long"), ("x" * 121, "too long"), ("", "your name"), (" \x00\u202e ", "your name")]
)
def test_impossible_name_is_refused(name: str, words: str) -> None:
    with pytest.raises(ContactInvalid, match=words) as caught:
        read_contact(name, "312-555-0142", "")
    assert caught.value.field == "name"


@pytest.mark.parametrize("name", ["123", "+1 312 555 0142", "...", "😀"])
def test_name_without_a_letter_is_refused(name: str) -> None:
    with pytest.raises(ContactInvalid):
        read_contact(name, "312-555-0142", "")


@pytest.mark.parametrize(("phone", "email"), [("", ""), (None, None), (" ", "\u200b")])
def test_some_way_to_reach_is_needed(phone: str | None, email: str | None) -> None:
    with pytest.raises(ContactInvalid, match="phone number or an e-mail"):
        read_contact("Ann", phone, email)


@given(name=st.text(max_size=200), phone=st.text(max_size=80), email=st.text(max_size=300))
def test_anything_typed_is_read_or_refused(name: str, phone: str, email: str) -> None:
    try:
        contact = read_contact(name, phone, email)
    except ContactInvalid as error:
        assert error.field in {"name", "phone", "email"}
    else:
        assert contact.phone or contact.email
        assert Contact.model_validate(contact.model_dump()) == contact
