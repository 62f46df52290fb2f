"""Addresses inside the City's page: made for a target or an appointment, and read from what a person pastes.

An appointment is named in an address by standard base64 of {"id": …, "authKey": …}. Mail programs encode addresses
again and drop the padding; the City's page decodes up to five times, and so do we. A field `action`, which would
make the page cancel on load, never survives our reading.
"""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from urllib.parse import unquote, urldefrag, urlsplit

from core.bookings import HoldKey
from core.errors import BadInput
from portal.fields import LARGEST_ID

CONFIRM = "#/appointment/confirm/"
_APPOINTMENT = "#/appointment/"
_MOST_DECODINGS = 5
_MOST_LINES = 4  # that a mail program breaks an address into
_ADDRESS = re.compile(r"https?://\S+")
_PAYLOAD = re.compile(r"#/appointment/(?:confirm/)?(?P<payload>[A-Za-z0-9+/_=-]+)")
_ANY_HINT = "Copy the whole address behind “Termin ändern/stornieren” from the City's mail."
_HINT = "Copy the whole address behind “Termin bestätigen” from the City's mail."


def target_link(site_url: str, *, service_id: int, office_id: int | None) -> str:
    location = "" if office_id is None else f"/locations/{office_id}"
    return f"{urldefrag(site_url).url}#/services/{service_id}{location}"


def appointment_link(site_url: str, key: HoldKey) -> str:
    return f"{urldefrag(site_url).url}#/appointment/{_payload(key)}"


def confirm_link(site_url: str, key: HoldKey) -> str:
    return f"{urldefrag(site_url).url}{CONFIRM}{_payload(key)}"


def parse_confirm_link(text: str, site_url: str) -> HoldKey:
    """The hold named by a confirm link of this site, found anywhere in the text; raises BadInput otherwise."""
    found = _find(text, CONFIRM, site_url)
    if found is None:
        raise BadInput("This is not a confirmation link of the City.", field="link", hint=_HINT)
    return found


def parse_appointment_link(text: str, site_url: str) -> HoldKey:
    """The appointment named by any link of the City's mails to it; raises BadInput otherwise."""
    found = _find(text, _APPOINTMENT, site_url)
    if found is None:
        raise BadInput("This is not a link to an appointment of the City.", field="link", hint=_ANY_HINT)
    return found


def keys_in(text: str) -> Sequence[HoldKey | None]:
    """What each link to an appointment in the text names, None for one that is cut off or damaged.

    Whatever site it leads to, since mail filters rewrite addresses: only for comparing with holds of our own. An
    address that was broken into lines is put together again.
    """
    words = text.split()
    begins = [number for number, word in enumerate(words) if _APPOINTMENT in _decoded(word)]
    return [_first_whole(words[number : number + _MOST_LINES]) for number in begins]


def _first_whole(parts: Sequence[str]) -> HoldKey | None:
    for most in range(1, len(parts) + 1):
        try:
            return _key(_decoded("".join(parts[:most])))
        except BadInput:
            continue
    return None


def _find(text: str, part: str, site_url: str) -> HoldKey | None:
    for address in _ADDRESS.findall(text):
        decoded = _decoded(address)
        if part in decoded:
            _check_site(decoded, site_url)
            return _key(decoded)
    return None


def payload_of(key: HoldKey) -> str:
    """How a hold is written in an address: never to be shown."""
    return _payload(key)


def _decoded(address: str) -> str:
    for _ in range(_MOST_DECODINGS):
        again = unquote(address)
        if again == address:
            break
        address = again
    return address


def _check_site(address: str, site_url: str) -> None:
    try:
        theirs, ours = urlsplit(address), urlsplit(site_url)
        same = (theirs.scheme, theirs.hostname, theirs.port) == (ours.scheme, ours.hostname, ours.port)
    except ValueError:
        same = False
    if not same:
        raise BadInput("This link does not lead to the City's booking page.", field="link", hint=_HINT)


def _key(address: str) -> HoldKey:
    found = _PAYLOAD.search(address)
    fields = _fields(found["payload"]) if found else None
    number, auth_key = (fields.get("id"), fields.get("authKey")) if fields else (None, None)
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < len(str(LARGEST_ID)):
        number = int(number)
    if type(number) is not int or not 0 < number < LARGEST_ID or not isinstance(auth_key, str) or not auth_key:
        raise BadInput("This confirmation link is damaged.", field="link", hint=_HINT)
    return HoldKey(process_id=number, auth_key=auth_key)


def _fields(payload: str) -> dict[str, object] | None:
    bare = payload.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        fields = json.loads(base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _payload(key: HoldKey) -> str:
    written = json.dumps({"id": key.process_id, "authKey": key.auth_key}, separators=(",", ":"))
    return base64.b64encode(written.encode()).decode().rstrip("=")
