"""THE TABLE of conversations that have a picture. Add one here, then run: python -m tests.pictures."""

from tests.pictures.script import Booked, Says, Script, Sees, Taps, Told

EVERY: tuple[Script, ...] = (
    Script("door", (Says("/start"),), knows=False),
    Script("start", (Says("/start {code}"), Taps("start.continue"), Taps("start.agree")), knows=False),
    Script("help", (Says("/help"),)),
    Script("language", (Says("/language"),)),
    Script(
        "news",
        (
            Told("slots.found", {"count": 3}),
            Booked("preconfirmed"),
            Sees(),
            Booked("confirmed"),
        ),
    ),
    Script(
        "blind",
        (
            Told("look.blind", {"since": "2026-11-24T08:20:00+00:00", "answer": "maintenance"}),
            Told("look.sees_again", {"seen_at": "2026-11-24T09:05:00+00:00", "lasted": 2700}),
        ),
    ),
)
