"""From a change to the message about it: how long it takes, whether a crowd's messages all come, and after kills."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench import letters
from bench.correspondents import Correspondent, Correspondents, Held
from bench.figures import Goal, percentile
from bench.letters import Outcome
from bench.office import Office, kill_the_bot, opened

GOAL_MS: Final = 1000.0
TOGETHER: Final = 10  # people who are told of in turns, so that nobody's news come in one moment
SAYS: Final = ("sendMessage", "editMessageText")
TELLS: Final = ("Möchten Sie ihn", "Aktivierungslink", "Terminnummer")  # what stands in the message of each change
FLOODED: Final = 429
PATIENCE: Final = 150.0  # seconds without a message more, after which the rest counts as lost
EVERY: Final = 0.05
AWAY_AFTER: Final = 0.2  # of the messages have come, then nobody listens

Heard = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """`pause` is the mean between two changes, in seconds; `away` how long Telegram is, in the run with kills."""

    notices: int
    pause: float
    chats: int
    each: int
    to_one: int
    kill_chats: int
    kills: int
    away: float


@dataclass(frozen=True, slots=True)
class Waits:
    """Milliseconds from before the change's transaction to the request at the Bot API; and the transactions alone."""

    told: tuple[float, ...]
    written: tuple[float, ...]
    missed: int


@dataclass(frozen=True, slots=True)
class Played:
    waits: Waits
    crowd: Outcome
    killed: Outcome
    seconds: float


async def play(folder: Path, plan: Plan, *, seed: int, heard: Heard) -> Played:
    began = time.monotonic()
    async with opened(folder / "quiet", seed=seed) as office:
        waits = await _waits(office, folder, plan, random.Random(seed))
        heard(f"one by one      {len(waits.told)} told, {waits.missed} missed")
    async with opened(folder / "crowd", seed=seed) as office:
        crowd = await _crowd(office, folder, plan)
        heard(f"all at once     {crowd}")
    async with opened(folder / "kills", seed=seed) as office:
        killed = await _killed(office, folder, plan)
        heard(f"with kills      {killed}")
    return Played(waits, crowd, killed, time.monotonic() - began)


def told(played: Played, plan: Plan, *, seed: int) -> dict[str, Any]:
    """What the JSON says."""
    waits, crowd, killed = played.waits, played.crowd, played.killed
    measured = sorted(waits.told)
    return {
        "notices": len(measured),
        "missed": waits.missed,
        "p50": round(median(measured), 1) if measured else None,
        "p95": round(percentile(measured, 95), 1) if measured else None,
        "most": round(measured[-1], 1) if measured else None,
        "transaction_p50": round(median(waits.written), 1) if waits.written else None,
        "pause_s": plan.pause,
        "goal_ms": GOAL_MS,
        "chats": plan.chats,
        "each": plan.each,
        "to_one": plan.to_one,
        **crowd.told(),
        "kills": killed.kills,
        "away_s": plan.away,
        **{f"killed_{name}": value for name, value in killed.told().items()},
        "waits": [round(one, 1) for one in waits.told],
        "curves": {"all at once": crowd.curve(), "with kills and an outage": killed.curve()},
        "killed_at": [round(at, 1) for at in killed.killed_at],
        "seed": seed,
        "seconds": round(played.seconds, 1),
    }


def goals(said: dict[str, Any]) -> tuple[Goal, ...]:
    return (
        Goal("p95 from the change to the Bot API, ms", said["p95"], GOAL_MS),
        Goal("lost of all at once", said["lost"], 0),
        Goal("doubled of all at once", said["doubled"], 0),
        Goal("lost with kills", said["killed_lost"], 0),
    )


async def _waits(office: Office, folder: Path, plan: Plan, rng: random.Random) -> Waits:
    """Changes at uneven moments, three for each booking: offered, preconfirmed, confirmed."""
    cast, began, written = Correspondents(office, folder / "files"), dict[tuple[int, int], float](), []
    people: list[Correspondent] = []
    while len(began) < plan.notices:
        some = await cast.settle([1] * min(TOGETHER, -(-(plan.notices - len(began)) // 3)))
        people += some
        for step, change in enumerate((cast.offer, cast.preconfirm, cast.confirm)):
            for one in some:
                [held] = one.held
                if step == 1:
                    await cast.accepted(held)
                await asyncio.sleep(rng.expovariate(1 / plan.pause))
                if step:  # two at once about one thing are one message
                    await _until_told(office, one.user.id, step - 1, since=began[one.user.id, step - 1])
                at = began[one.user.id, step] = time.time()
                await office.database.act(partial(change, held=held))
                written.append((time.time() - at) * 1000)
        await _until_no_more(office, len(began))  # what the next people's rows cost is nobody's wait
    came = [(_told(office, chat, step, since=at), at) for (chat, step), at in began.items()]
    waits = [(told - at) * 1000 for told, at in came if told is not None]
    return Waits(tuple(waits), tuple(written), missed=len(began) - len(waits))


def _told(office: Office, chat: int, step: int, *, since: float) -> float | None:
    """When the chat was first told of this change, which its running message may do before the notice does."""
    calls = office.telegram.calls(*SAYS, chat=chat)
    return next((one.at for one in calls if one.at >= since and TELLS[step] in str(one.given.get("text"))), None)


async def _until_told(office: Office, chat: int, step: int, *, since: float) -> None:
    await office.telegram.store.until(lambda: _told(office, chat, step, since=since), within=PATIENCE)


async def _crowd(office: Office, folder: Path, plan: Plan) -> Outcome:
    """Everything is written in one transaction; Telegram refuses whatever is more than its limits."""
    people = await Correspondents(office, folder / "files").settle([*[plan.each] * plan.chats, plan.to_one])
    began = await _offer_all(office, folder, people)
    await _until_no_more(office, _wanted(people))
    return _outcome(office, people, began)


async def _killed(office: Office, folder: Path, plan: Plan) -> Outcome:
    """The same to fewer, while Telegram is away for a time and the bot is killed again and again."""
    people = await Correspondents(office, folder / "files").settle([plan.each] * plan.kill_chats)
    total, killed_at = _wanted(people), list[float]()
    began = await _offer_all(office, folder, people)
    await _until_come(office, int(total * AWAY_AFTER))
    async with office.telegram.outage():
        await asyncio.sleep(plan.away)
    for number in range(plan.kills):
        share = AWAY_AFTER + (1 - AWAY_AFTER) * (number + 0.5) / plan.kills
        await _until_come(office, int(total * share))
        ready = office.crew.readied("bot")
        if kill_the_bot():
            killed_at.append(time.time() - began)
            await office.crew.until_readied("bot", ready)
    await _until_no_more(office, total)
    return _outcome(office, people, began, killed_at=killed_at)


async def _offer_all(office: Office, folder: Path, people: Sequence[Correspondent]) -> float:
    """When it was written: nothing can come before."""
    cast, every = Correspondents(office, folder / "files"), [held for one in people for held in one.held]
    office.telegram.faults.limits.on = True
    await office.database.act(lambda session: cast.offer_all(session, every))
    return time.time()


def _wanted(people: Sequence[Correspondent]) -> int:
    return sum(len(one.held) for one in people)


async def _until_come(office: Office, count: int, *, chat: int | None = None) -> None:
    await office.telegram.store.until(lambda: len(office.telegram.calls(*SAYS, chat=chat)) >= count, within=PATIENCE)


async def _until_no_more(office: Office, count: int) -> None:
    """So many have come and the bot has written all of them down; or nothing comes any more."""
    came, since = -1, time.monotonic()
    while time.monotonic() - since < PATIENCE:
        if (now := len(office.telegram.calls(*SAYS))) != came:
            came, since = now, time.monotonic()
        if came >= count and not await office.database.read(letters.untold):
            return
        await asyncio.sleep(EVERY)


def _outcome(
    office: Office, people: Sequence[Correspondent], began: float, *, killed_at: Sequence[float] = ()
) -> Outcome:
    store = office.telegram.store
    if office.telegram.misses:
        raise RuntimeError(f"the bot asked for what no bot should: {office.telegram.misses[0]}")
    refused = sum(one.refused == FLOODED for one in office.telegram.refused())
    came = sorted(max(0.0, one.at - began) for one in office.telegram.calls(*SAYS))
    overall = sum(one.endswith("to all") for one in office.telegram.faults.limits.violations)
    boxes = [letters.box(_whens(one.held), store.postings.get(one.user.id, [])) for one in people]
    return Outcome(tuple(boxes), tuple(came), flooded=refused, overall=overall, killed_at=tuple(killed_at))


def _whens(held: Sequence[Held]) -> list[str]:
    return [one.when for one in held]
