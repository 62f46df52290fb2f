import pytest

from core.contact import Contact, check_name, checked
from core.errors import BadInput

ANNA = Contact(first_name="Anna", last_name="Huber", mail="anna.huber@example.org")


def with_(**changes: str) -> Contact:
    kept = {name: getattr(ANNA, name) for name in ("first_name", "last_name", "mail", "phone", "remarks", "remarks2")}
    return Contact(**(kept | changes))


def test_stray_spaces_and_separators_are_mended() -> None:
    clean = checked(with_(first_name="  Anna  Maria ", phone="+49 (151) 123-4567"))
    assert (clean.first_name, clean.phone) == ("Anna Maria", "+491511234567")


def test_the_city_stores_first_and_last_name_joined_by_one_space() -> None:
    assert ANNA.family_name == "Anna Huber"


@pytest.mark.parametrize(
    "mail",
    [
        "anna+termin@example.org", ".anna@example.org", "anna.@example.org", "an..na@example.org", "anna@example",
        "anna@example.o", "anna@@example.org", "anna", "", "an na@example.org", "anna@.example.org",
        "anna@example.org.", "anna☀@example.org", "anna\u200b@example.org",
        "a" * 42 + "@example.org",
    ],
)  # fmt: skip
def test_mail_addresses_the_city_refuses_are_refused_here(mail: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(with_(mail=mail))
    assert refused.value.field == "mail"
    assert not mail or mail not in str(refused.value)


@pytest.mark.parametrize("mail", ["anna@example.org", "a_b-c.d@sub.example.museum", "änne@münchen.example"])
def test_mail_addresses_the_city_takes_are_taken(mail: str) -> None:
    assert checked(with_(mail=mail)).mail == mail


@pytest.mark.parametrize("phone", ["123456", "+49 12", "12345678901234567", "0151-abc4567"])
def test_telephone_numbers_the_city_refuses_are_refused_here(phone: str) -> None:
    with pytest.raises(BadInput, match="7 to 15 digits"):
        checked(with_(phone=phone))


@pytest.mark.parametrize(
    ("field", "value"), [("first_name", " "), ("last_name", ""), ("last_name", "x" * 51), ("remarks", "x" * 251)]
)
def test_missing_and_overlong_fields_are_named(field: str, value: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(with_(**{field: value}))
    assert refused.value.field == field.replace("_", " ")


@pytest.mark.parametrize("name", ["Anna Maria", "O’Neil-Müller", "Ø. d'Arc", "Jürgen, Dr.", "רבקה", "Nguyễn"])
def test_names_of_every_script_are_taken(name: str) -> None:
    assert check_name(f"  {name} ", field="first name") == name


@pytest.mark.parametrize("name", ["Anna ☀", "4nna", "\u202eannA", "…", "-", "<b>", "anna@example.org"])
def test_what_stands_in_no_passport_is_no_name(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_name(name, field="first name")
    assert refused.value.code == "name_letters"


def test_a_contact_does_not_show_its_contents() -> None:
    assert "Anna" not in f"{ANNA!r} {ANNA}"
