"""A person's details by the City's own rules, checked before the hunt and not at the last step.

The rules are those of the City's page and API: no `+` in a mail address, 7 to 15 digits in a telephone number.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from core.errors import BadInput

LONGEST_FIELD = 50
LONGEST_TEXT = 250
_PHONE = re.compile(r"\+?[0-9]\d{6,14}")
_MAIL_PART = re.compile(r"[^\s@+.]+(?:\.[^\s@+.]+)*")  # no plus sign, no dot at an end or doubled
_TOP_DOMAIN = 2  # characters at least after the last dot


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """Who the appointment is for. Has no repr with contents: it must not reach a log by accident."""

    first_name: str
    last_name: str
    mail: str
    phone: str = ""
    remarks: str = ""
    remarks2: str = ""

    def __repr__(self) -> str:
        return "Contact(…)"

    @property
    def family_name(self) -> str:
        """As the City stores it: first and last name joined by one space."""
        return f"{self.first_name} {self.last_name}"

    @property
    def words(self) -> set[str]:
        """Everything in it that must not be shown, whole and word for word."""
        whole = {self.first_name, self.last_name, self.family_name, self.mail, self.phone, self.remarks, self.remarks2}
        return {word for text in whole if text for word in (text, *text.split())}


def checked(contact: Contact) -> Contact:
    """The contact with stray spaces gone; raises BadInput naming the field that the City would refuse."""
    clean = Contact(
        first_name=_line(contact.first_name, field="first name"),
        last_name=_line(contact.last_name, field="last name"),
        mail=contact.mail.strip(),
        phone=re.sub(r"[\s/()\-]", "", contact.phone),
        remarks=_text(contact.remarks, field="remarks"),
        remarks2=_text(contact.remarks2, field="second remarks"),
    )
    check_mail(clean.mail)
    if clean.phone:
        check_phone(clean.phone)
    return clean


def check_mail(mail: str) -> None:
    local, _, domain = mail.rpartition("@")
    if "+" in local:
        raise BadInput(
            "The City refuses mail addresses with a plus sign.",
            field="mail",
            hint="Give the address without the part from + to @.",
            code="mail_plus",
        )
    if len(mail) > LONGEST_FIELD:
        raise BadInput(
            f"The City takes mail addresses of up to {LONGEST_FIELD} characters.",
            field="mail",
            code="mail_long",
            most=LONGEST_FIELD,
        )
    shaped = _MAIL_PART.fullmatch(local) and _MAIL_PART.fullmatch(domain) and _has_top_domain(domain)
    if not shaped or any(map(_is_a_picture, mail)):
        raise BadInput(
            "The City would not take this mail address.",
            field="mail",
            hint="It should look like name@example.org.",
            code="mail",
        )


def check_name(name: str, *, field: str) -> str:
    """A name on one line, as it may stand in a passport, in whatever script; raises BadInput."""
    clean = _line(name, field=field)
    if not any(map(str.isalpha, clean)) or not all(map(_is_of_a_name, clean)):
        raise BadInput(
            f"The {field} may have letters, spaces, hyphens, apostrophes and dots.",
            field=field,
            hint="Write it as it stands in the passport.",
            code="name_letters",
        )
    return clean


def check_phone(phone: str) -> None:
    if not _PHONE.fullmatch(phone):
        raise BadInput(
            "The City would not take this telephone number.",
            field="phone",
            hint="Give 7 to 15 digits, with or without a leading +.",
            code="phone",
        )


def future_deadline(deadline: datetime, *, now: datetime) -> datetime:
    if deadline <= now:
        raise BadInput("The deadline lies in the past.", field="until", hint="Give a later day.", code="past")
    return deadline.astimezone(UTC)


def _is_of_a_name(character: str) -> bool:
    return character in " -–.,’'`\u200c\u200d" or unicodedata.category(character)[0] in "LM"


def _is_a_picture(character: str) -> bool:
    """Emoji, and what nobody sees: no address has them."""
    return not character.isascii() and unicodedata.category(character)[0] in "SC"


def _has_top_domain(domain: str) -> bool:
    host, _, top = domain.rpartition(".")
    return bool(host) and len(top) >= _TOP_DOMAIN


def _line(value: str, *, field: str) -> str:
    clean = " ".join(value.split())
    if not clean:
        raise BadInput(f"The {field} is missing.", field=field, code="missing")
    if len(clean) > LONGEST_FIELD:
        raise BadInput(
            f"The {field} may have {LONGEST_FIELD} characters at most.", field=field, code="long", most=LONGEST_FIELD
        )
    return clean


def _text(value: str, *, field: str) -> str:
    if len(value.strip()) > LONGEST_TEXT:
        raise BadInput(
            f"The {field} may have {LONGEST_TEXT} characters at most.", field=field, code="long", most=LONGEST_TEXT
        )
    return value.strip()
