"""mta demo: the whole circle against the practice city, from a wish to a confirmed appointment."""

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from config import logs, settings
from config.settings import Settings
from console import demo_folder, demo_teller, printing, rehearsal, store, up
from console.arguments import Written
from console.demo_story import Story, made_up_person
from console.demo_teller import Teller
from console.practice import Bystander, Practice, address_in
from console.rehearsal import Generation
from console.supervisor import supervised
from core import services
from core.bookings import BookingState
from core.contact import Contact
from core.errors import BadInput, MtaError

SERVICE: Final = "1063475"  # Wohnsitzanmeldung, behind the captcha box
OFFICES: Final = ("10489", "102522", "54261")  # Bürgerbüros Ruppertstraße, Orleansplatz, Pasing
WITHIN: Final = 75.0  # seconds from the start to the City's word
STOPS_WITHIN: Final = 8.0
LOOK_EVERY: Final = "PT3S"
LOOKS_FOR: Final = "PT2M"  # without a silence in between
REMARKS: Final = "Probelauf"


@dataclass(frozen=True, slots=True)
class Plan:
    practice: Practice
    timing: str
    services: tuple[str, ...]
    offices: tuple[str, ...]
    folder: Path


def demo(
    *,
    dialect: Annotated[Generation, typer.Option(help="Generation of the City's API and page.")] = "aug",
    frontend: Annotated[Path | None, typer.Option(help="A built copy of the City's own page to book through.")] = None,
    service: Annotated[list[str] | None, typer.Option(help="ID or ID=COUNT, several to combine.")] = None,
    office: Annotated[list[str] | None, typer.Option(help="Office number, several times.")] = None,
    mood: Annotated[list[str] | None, typer.Option(help="The practice city's mood, several times.")] = None,
    timing: Annotated[Literal["natural", "brisk"], typer.Option(help="How fast the hand moves.")] = "natural",
    seed: Annotated[int, typer.Option(help="The same seed is the same city and person.")] = 1,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the folders of earlier runs.")] = False,
    json: Annotated[Path | None, typer.Option("--json", help="Write every step and the end to this file.")] = None,
) -> None:
    """Show the main job from a wish to a confirmed appointment. Status 0 only if the City's API says confirmed."""
    moods = tuple(mood or ())
    rehearsal.check_moods(moods)
    services.parse_all(service or [SERVICE])
    if frontend is not None:
        rehearsal.check_frontend(frontend)
    if json is not None and not json.absolute().parent.is_dir():
        raise BadInput(f"There is no folder {json.absolute().parent}.", field="json")
    chosen = settings.load()
    with demo_folder.fresh(chosen.data_dir / "demo", keep=keep) as folder:
        plan = Plan(
            practice=Practice(dialect=dialect, moods=moods, frontend=frontend, seed=seed),
            timing=timing,
            services=tuple(service or (SERVICE,)),
            offices=tuple(office or (OFFICES if not service else ())),
            folder=folder,
        )
        told = asyncio.run(_play(plan))
    if json is not None:
        json.write_text(printing.to_json(told) + "\n", "utf-8")
    if "failure" in told:
        printing.remark(f"\n{told['failure']}\nLogs and rows: {plan.folder.resolve()}")
    raise typer.Exit(0 if told["status"] == BookingState.CONFIRMED and "failure" not in told else 1)


async def _play(plan: Plan) -> dict[str, Any]:
    """All that was told, with a `failure` if the City did not confirm. Raises BadInput for a wish that cannot be."""
    teller = Teller(printing.screen())
    result: dict[str, Any] = {"status": None, "answer": None, "booking": None, "files": {}, "requests": 0}
    logs.set_up(level="info", style="json", file=plan.folder / "logs" / "demo.log")
    try:
        async with asyncio.timeout(WITHIN):
            await _run(plan, teller, result)
    except BadInput:
        raise
    except MtaError as error:
        result["failure"] = str(error)
    except TimeoutError:
        result["failure"] = f"Nothing was confirmed within {WITHIN:.0f} s. {teller.unfinished()}"
    told: dict[str, Any] = {
        "dialect": plan.practice.dialect,
        "frontend": str(plan.practice.frontend or "practice page"),
        "service": list(plan.services),
        "steps": teller.steps,
        **result,
        "seconds": round(teller.seconds, 3),
    }
    demo_teller.summary(printing.screen(), told)
    return told


async def _run(plan: Plan, teller: Teller, result: dict[str, Any]) -> None:
    """Everything is a child of this process and ends with it, the City last."""
    teller.heading(f"Demo, generation {plan.practice.dialect}. Everything lands in {plan.folder.resolve()}")
    async with supervised(heard=lambda *_: None, restarts=False, stops_within=STOPS_WITHIN) as supervisor:
        city = plan.practice.role(plan.folder)
        await supervisor.start(city)
        url = address_in(city.output)
        teller.step("city.ready", f"the practice city serves at {url}", url=url)
        own, environment = _own_settings(plan, url)
        bystander = Bystander(url)
        with store.opened(own) as kept:
            try:
                for role in up.machine_roles(own, environment):
                    await supervisor.start(role)
                    teller.step(f"{role.name}.ready", f"{role.name} is ready")
                story = Story(kept, own, teller, bystander, _wish(plan), result)
                await _first_of(story.tell(), supervisor.watch())
            finally:
                result["requests"] = await bystander.requests()
                await bystander.close()


async def _first_of(story: Coroutine[Any, Any, None], guard: Coroutine[Any, Any, None]) -> None:
    """The story to its end, unless a role dies before it."""
    tasks = [asyncio.create_task(story), asyncio.create_task(guard)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _own_settings(plan: Plan, url: str) -> tuple[Settings, dict[str, str]]:
    """Embedded defaults whatever .env says, as values for us and as variables for the roles."""
    given = {
        "site_url": url,
        "data_dir": str(plan.folder),
        "database_url": "",
        "redis_url": "",
        "encryption_keys": "",
        "captcha": "browser",
        "timing": plan.timing,
        "look_interval": LOOK_EVERY,
        "look_window": LOOKS_FOR,
        "quiet_hours": "",
        "lane": "main",
        "proxy": "",
        "imap_url": "",
    }
    return settings.load(**given), {f"MTA_{name.upper()}": value for name, value in given.items()}


def _wish(plan: Plan) -> Written:
    first_name, last_name, mail = made_up_person(random.Random(plan.practice.seed))
    return Written(
        services=plan.services,
        offices=plan.offices,
        contact=Contact(first_name, last_name, mail, phone="+498912345678", remarks=REMARKS, remarks2=REMARKS),
        language="en",
    )
