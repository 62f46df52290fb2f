"""THE TABLE of conversations that have a picture. Add one here, then run: python -m tests.pictures."""

from dataclasses import replace

from tests.pictures import scenes, wish_scripts
from tests.pictures.script import Booked, Does, Says, Script, Sees, Step, Taps, TapsLabel, Told

HAS_ONE: tuple[Step, ...] = (Does(scenes.has_appointment), Says("/appointments"))
OPENS_IT = TapsLabel("1. Dienstag, 15. Dezember 2026, 08:30 Uhr", english="1. Tuesday, 15 December 2026, 08:30")
OPENS_IT_UNSEEN = replace(OPENS_IT, seen=False)

EVERY: tuple[Script, ...] = (
    Script("door", (Says("/start"),), knows=False),
    Script("start", (Says("/start {code}"), Taps("start.continue"), Taps("start.agree")), knows=False),
    Script("help", (Says("/help"),)),
    Script("language", (Says("/language"),)),
    *wish_scripts.EVERY,
    Script("watches", (Does(scenes.searching), Says("/watches"), TapsLabel("1. Reisepass"))),
    Script(
        "why",
        (
            *(Does(scenes.seen_but_unfit), Says("/watches")),
            *(TapsLabel("1. Reisepass", seen=False), Taps("watches.why")),
        ),
    ),
    Script(
        "blind",
        (
            Told("look.blind", {"since": "2026-11-24T08:20:00+00:00", "answer": "maintenance"}),
            Told("look.sees_again", {"seen_at": "2026-11-24T09:05:00+00:00", "lasted": 2700}),
        ),
    ),
    Script("found", (Told("slots.found", {"count": 3, "service_id": 1063475}),)),
    Script("offer", (Booked("offered", minutes=10), Taps("offer.yes"))),
    Script("booking", (Booked("begun"), Sees(), Booked("preconfirmed"))),
    Script("mail", (Booked("preconfirmed"), Says("{link}"), Sees(), Booked("confirmed"))),
    Script("appointments", (*HAS_ONE, OPENS_IT)),
    Script(
        "giving-back", (*HAS_ONE, OPENS_IT_UNSEEN, Taps("result.give_back", seen=False), Taps("giveback.now")), newest=1
    ),
    Script(
        "swap",
        (
            *(*HAS_ONE, OPENS_IT_UNSEEN, Taps("result.earlier", seen=False)),
            *(Taps("swap.gain.week"), Taps("swap.mode.ask", seen=False), Taps("swap.yes")),
        ),
        newest=1,
    ),
    Script("settings", (Says("/settings"), Taps("settings.quiet"))),
    Script("privacy", (Does(scenes.searching), Says("/privacy"), Taps("privacy.to_erase"))),
    Script("status", (Does(scenes.searching), Says("/status"), Taps("status.to_targets")), for_operators=True),
    Script(
        "pause", (Does(scenes.searching), Says("/pause"), TapsLabel("Reisepass"), Taps("pause.yes")), for_operators=True
    ),
)
