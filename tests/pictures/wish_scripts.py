"""The wish in pictures: each begins where the one before it ends, so what came before is played unseen."""

from dataclasses import replace
from datetime import timedelta

from tests.pictures.script import Says, Script, Sees, Step, Taps, TapsLabel

WHO: tuple[Step, ...] = (
    Says("/wish"),
    Says("{name}"),
    Says("Muster"),
    Says("{mail}"),
    Taps("wish.who.skip", seen=False),
    Taps("wish.who.agree", seen=False),
)
ASKS = Says("Pass", english="passport")
PASSPORT = TapsLabel("Reisepass", english="Passport – Reisepass")
WHAT: tuple[Step, ...] = (ASKS, replace(PASSPORT, seen=False), Taps("wish.onward", seen=False))
WHERE: tuple[Step, ...] = (
    Taps("wish.offices.take", {"number": 1, "name": "Bürgerbüro Ruppertstraße"}, seen=False),
    Taps("wish.offices.take", {"number": 2, "name": "Bürgerbüro Leonrodstraße"}, seen=False),
    Taps("wish.offices.done", {"count": 2}, seen=False),
)
UNTIL = (TapsLabel("Dezember →", english="December →", seen=False), TapsLabel("18", seen=False))
DAYS: tuple[Step, ...] = (TapsLabel("30", seen=False), *UNTIL, Taps("wish_when.on", seen=False))
HOURS: tuple[Step, ...] = (Taps("wish_when.hours_step.quick.am", seen=False), Taps("wish_when.on", seen=False))
A_DAY = {"span": timedelta(days=1)}

EVERY: tuple[Script, ...] = (
    Script("wish-who", (*WHO[:3], Sees(), WHO[3], WHO[4], Taps("wish.who.agree")), newest=2),
    Script("wish-what", (*WHO, ASKS, PASSPORT, Sees()), newest=1),
    Script("wish-where", (*WHO, *WHAT, *WHERE[:2]), newest=1),
    Script(
        "wish-days",
        (*WHO, *WHAT, *WHERE, TapsLabel("30"), UNTIL[0], TapsLabel("18"), Sees()),
        newest=1,
    ),
    Script(
        "wish-hours",
        (
            *(*WHO, *WHAT, *WHERE, *DAYS),
            *(Taps("wish_when.hours_step.quick.am"), TapsLabel("✓Mo 9", seen=False)),
        ),
        newest=1,
    ),
    Script(
        "wish-mode",
        (*WHO, *WHAT, *WHERE, *DAYS, *HOURS, Taps("wish_when.notice.at_least", A_DAY)),
        newest=1,
    ),
    Script(
        "wish-summary",
        (
            *(*WHO, *WHAT, *WHERE, *DAYS, *HOURS),
            Taps("wish_when.notice.at_least", A_DAY, seen=False),
            Taps("wish_when.mode.ask.name", seen=False),
            Taps("wish_when.summary.save"),
        ),
        newest=1,
    ),
)
