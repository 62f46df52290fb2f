"""What somebody may do at any moment in the chat: sensible, clumsy, and wicked."""

import random
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from rehearsal.telegram.client import Toast
from rehearsal.telegram.store import Posting
from tests.bot.conftest import CODE, RunningBot
from tests.conversations import news
from tests.conversations.cast import Guest

LINK = "http://city.example/#/appointment/confirm/eyJpZCI6MTIzLCJhdXRoS2V5IjoiYWJjZGVmIn0="
ASKED = (  # the words of a question, and which of one's own facts answers it
    (re.compile(r"Vorname|first name", re.IGNORECASE), "first"),
    (re.compile(r"Familienname|Nachname|family name|last name", re.IGNORECASE), "last"),
    (re.compile(r"E-Mail|e-mail|mail address", re.IGNORECASE), "mail"),
    (re.compile(r"Telefon|phone", re.IGNORECASE), "phone"),
    (re.compile(r"Einladungscode|invitation code", re.IGNORECASE), "code"),
    (re.compile(r"Worum|Anliegen|about|service", re.IGNORECASE), "matter"),
)
LEADS_ON = re.compile(
    r"Weiter|Continue|Go on|Ja\b|Yes|stimmt|agree|einverstanden|[Ss]uch|[Ss]earch|Save|OK|Fertig|Done"
)
LEADS_AWAY = re.compile(r"Abbrechen|Cancel|Zurück|Back|Verwerfen|Drop|Nein|No\b|löschen|erase|delete", re.IGNORECASE)
MATTERS = ("Reisepass", "perso", "ummelden", "Wohnsitz", "passport", "Führerschein", "Gewerbe", "hund", "Parkausweis")
SENSIBLE = ("24.12.2026", "3", "9-12", "Dienstag", "next week", "80331", "Pasing", "ja", "nein", "ok", "morgen", LINK)
OPERATORS_DO = ("status", "invite", "block", "broadcast", "pause", "resume")
GARBAGE = (
    "x" * 4096,
    "🎉" * 2000,
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\u202eמחר בבוקר\u202c",
    "مرحبا بالعالم",
    "\u200b\u200b\u200d",
    "\u0007\u0000bell",
    "<b>bold</b> & <script>alert(1)</script> {name}",
    "%s %d {0} {} ${HOME} '; DROP TABLE watch; --",
    "e\u0301" * 300,
    "\n\n\n.\n\n",
    "/",
    "/ help",
    "//wish",
    "-1",
    "99999999999999999999",
    "0",
    "31.02.2027",
    "1.1.0001",
    "31.12.9999",
    "http://city.example/#/appointment/confirm/%%%",
    f"Fwd: {LINK} and {LINK}x",
)


@dataclass
class Table:
    """What all know: `seen` is the data of every button anybody was shown, `waits` are for an answer, and for what."""

    rng: random.Random
    bot: RunningBot
    seen: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    waits: list[tuple[float, str]] = field(default_factory=list)
    taps: int = 0
    commands: Sequence[str] = ()
    patience: float = 30.0  # seconds


Move = Callable[[Table, Guest], Awaitable[None]]


def _postings(guest: Guest) -> Sequence[Posting]:
    return guest.user.store.postings.get(guest.user.chat_id, [])


def _buttons(guest: Guest) -> list[tuple[int, str, str]]:
    """Message, data and label of all that can be tapped now, the newest last."""
    return [
        (one.id, str(button["callback_data"]), str(button["text"]))
        for one in _postings(guest)
        if one.by_bot and not one.deleted
        for button in one.buttons
        if button.get("callback_data")
    ]


def _pull(label: str, *, steady: bool) -> float:
    if LEADS_AWAY.search(label):
        return 0.05 if steady else 0.3
    leads_on = LEADS_ON.search(label) is not None
    return 8.0 if leads_on and steady else 2.0 if leads_on else 1.0


def _newest_text(guest: Guest) -> str:
    return next((one.text for one in reversed(guest.user.screen()) if one.by_bot), "")


async def tap(table: Table, guest: Guest) -> None:
    """Any button that can be seen, mostly of the newest message that has some, and mostly one that leads on."""
    found = _buttons(guest)
    if not found:
        await command(table, guest)
        return
    newest = [one for one in found if one[0] == found[-1][0]]
    reached = newest if table.rng.random() < 0.9 else found
    weights = [_pull(label, steady=guest.steady) for _, _, label in reached]
    message, data, _ = table.rng.choices(reached, weights)[0]
    table.seen += [(guest.number, one) for _, one, _ in newest]
    guest.tapped.append(data)
    await _press(table, guest, data, message)


async def tap_twice(table: Table, guest: Guest) -> None:
    found = _buttons(guest)
    if found:
        message, data, _ = found[-1]
        await _press(table, guest, data, message)
        await _press(table, guest, data, message)


async def tap_stale(table: Table, guest: Guest) -> None:
    """A button that was there once, on whatever message is there now."""
    own = [data for number, data in table.seen[-3000:] if number == guest.number]
    shown = [one.id for one in guest.user.screen() if one.by_bot]
    if own and shown:
        await _press(table, guest, table.rng.choice(own), table.rng.choice(shown))


async def forge(table: Table, guest: Guest) -> None:
    """What another person's button carries, or what none ever did."""
    shown = [one.id for one in guest.user.screen() if one.by_bot]
    if not shown:
        return
    foreign = table.rng.choice(table.seen)[1] if table.seen else "1lang:de"
    mangled = re.sub(r"\d+", lambda _: str(table.rng.choice((0, 1, 2, 7, 99, -1, 10**18, 20261301))), foreign)
    cut = foreign[: table.rng.randrange(len(foreign) + 1)]
    made = table.rng.choice((foreign, foreign, mangled, mangled, cut, f"{foreign}:1", "", "1", ":::", "ü" * 30))
    await _press(table, guest, made[:64], table.rng.choice((shown[-1], table.rng.choice(shown))))


async def command(table: Table, guest: Guest) -> None:
    may_do = OPERATORS_DO if guest.operates and table.rng.random() < 0.6 else table.commands
    chosen = table.rng.choice(may_do)
    await _say(table, guest, f"/{chosen}", guest.user.send)


async def answer(table: Table, guest: Guest) -> None:
    """What was asked for, as far as one can tell from the question."""
    asked = _newest_text(guest)
    place = table.rng.randrange(len(guest.own))
    facts = {
        "first": guest.own[place],
        "last": guest.own[0],
        "mail": f"{guest.own[place].lower()}@example.org",
        "phone": "089 1234567",
        "code": CODE,
        "matter": table.rng.choice(MATTERS),
    }
    fitting = [facts[fact] for words, fact in ASKED if words.search(asked)]
    others = SENSIBLE if guest.operates else (*SENSIBLE, *facts.values())
    text = fitting[-1] if fitting and table.rng.random() < 0.8 else table.rng.choice(others)
    await _say(table, guest, text, guest.user.send)


async def garbage(table: Table, guest: Guest) -> None:
    await _say(table, guest, table.rng.choice(GARBAGE), guest.user.send)


async def forward(table: Table, guest: Guest) -> None:
    text = table.rng.choice((LINK, f"Guten Tag,\n{LINK}\nIhre Stadt", "Hallo"))
    await _say(table, guest, text, guest.user.forward)


async def send_thing(table: Table, guest: Guest) -> None:
    user, rng = guest.user, table.rng
    kinds: tuple[tuple[str, Callable[[], Awaitable[int]]], ...] = (
        ("photo", lambda: user.send_photo(caption=rng.choice(("", "Reisepass", guest.own[0])))),
        ("document", lambda: user.send_document("mail.eml", f"From: city\n\n{rng.choice(('', LINK))}".encode())),
        ("file", lambda: user.send_document("scan.pdf", b"%PDF-1.7")),
        ("sticker", user.send_sticker),
        ("here", lambda: user.send_location(48.14 + rng.random() / 10, 11.5 + rng.random() / 10)),
        ("the pole", lambda: user.send_location(90.0, -180.0)),
        ("contact", lambda: user.send_contact(rng.choice(("+491701234567", "", "12")))),
    )
    kind, sends = rng.choice(kinds)
    await _say(table, guest, kind, lambda _: sends())


async def edit(table: Table, guest: Guest) -> None:
    standing = [one.id for one in _postings(guest) if not (one.by_bot or one.deleted or one.fields)]
    if standing:
        number = table.rng.choice(standing)
        before = guest.heard
        await guest.user.edit(number, table.rng.choice((*SENSIBLE, *GARBAGE[:8])))
        await _heard(table, guest, before, "an edited message")


async def come_and_go(table: Table, guest: Guest) -> None:
    """Block the bot and come back."""
    del table
    await guest.user.block()
    await guest.user.unblock()


async def be_told(table: Table, guest: Guest) -> None:
    """Something happens to one of their watches or appointments."""
    kind = await news.befalls(table.bot, guest.user, table.rng)
    guest.moves.append(f"told {kind}")


STEADY: tuple[tuple[Move, int], ...] = (
    (tap, 70),
    (answer, 14),
    (be_told, 6),
    (command, 3),
    (garbage, 3),
    (forge, 2),
    (tap_stale, 2),
)
FIDGETY: tuple[tuple[Move, int], ...] = (
    (tap, 49),
    (answer, 16),
    (command, 9),
    (tap_stale, 5),
    (forge, 6),
    (garbage, 4),
    (send_thing, 3),
    (tap_twice, 2),
    (edit, 1),
    (forward, 1),
    (come_and_go, 1),
    (be_told, 3),
)


async def _press(table: Table, guest: Guest, data: str, message: int) -> Toast | None:
    table.taps += 1
    guest.moves.append(f"tap {data}")
    began = time.monotonic()
    try:
        toast = await guest.user.press(data, message_id=message, within=table.patience)
    except AssertionError:
        table.wrong.append(f"chat {guest.number}: a tap on {data!r} was not answered; before it: {guest.moves[-6:]}")
        return None
    table.waits.append((time.monotonic() - began, guest.moves[-1]))
    return toast


async def _say(table: Table, guest: Guest, text: str, sends: Callable[[str], Awaitable[int]]) -> None:
    before = guest.heard
    guest.moves.append(f"say {text[:40]!r}")
    await sends(text)
    await _heard(table, guest, before, repr(text[:40]))


async def _heard(table: Table, guest: Guest, before: int, what: str) -> None:
    """Whatever is sent is answered: by a message, a changed one, or one taken away."""
    began = time.monotonic()
    if await guest.user.store.until(lambda: guest.heard > before, within=table.patience):
        table.waits.append((time.monotonic() - began, what))
    else:
        table.wrong.append(f"chat {guest.number}: no answer to {what}; before it: {guest.moves[-6:]}")
