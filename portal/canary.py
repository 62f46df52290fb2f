"""A canary: every read-only step of the City's pages, compared with what is known of them. It reserves nothing."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import pydantic_core

from browser_profiles.lease import Lease
from core.catalog import Catalog, Service
from core.errors import BadInput, PortalChanged, Refused, SlotGone
from core.looks import Answer, Dialect
from core.services import ServiceCount
from core.slots import utc_now
from core.targets import Target
from portal import canary_steps, known_fields, opening, refusals
from portal.answers import ANSWERS
from portal.drift import Kind, Report, Step, Walk
from portal.evidence import Evidence
from portal.portal import PortalSettings
from portal.replies import Reply
from portal.visit import Visit
from portal.watching import watched
from portal.wire import Wire

_TOLD_OFF = (Answer.THROTTLED, Answer.BLOCKED)
Act = Callable[[Visit, Step], Awaitable[bool]]  # True if the next step can be taken after it


class Canary:
    def __init__(self, settings: PortalSettings, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._clock = clock
        self._evidence = Evidence(settings.evidence_dir, clock=clock)

    async def check(self, lease: Lease, service_ids: Sequence[int] = ()) -> Report:
        """Walk through these services' pages, by default through one with and one without the captcha box.

        Trouble is part of the report; only BadInput is raised, for a service that the City does not have.
        """
        visit = Visit(lease, Wire(lease.page), self._settings.step_timeout)
        first, walks = Step("catalogue"), list[Walk]()
        await self._take(visit, first, self._catalog)
        for service in _chosen(visit.catalog, service_ids) if visit.catalog else ():
            walks.append(await self._walk(visit, service))
            if walks[-1].steps[-1].blind in _TOLD_OFF:
                break
        return Report(
            catalog=first,
            walks=tuple(walks),
            dialect=visit.dialect,
            requests=visit.wire.total,
            received=visit.wire.received,
        )

    async def _catalog(self, visit: Visit, step: Step) -> bool:
        await opening.navigate(visit, self._settings.site_url)
        catalog, dialect = await opening.load_catalog(visit)
        step.known += [f"generation {dialect}", f"{len(catalog.services)} services", f"{len(catalog.offices)} offices"]
        return True

    async def _walk(self, visit: Visit, service: Service) -> Walk:
        target, settings = Target((ServiceCount(service.id),)), self._settings
        acts: dict[str, Act] = {
            "service step": lambda visit, step: canary_steps.service(visit, step, target, site_url=settings.site_url),
            "captcha box": lambda visit, step: canary_steps.captcha(visit, step, target, policy=settings.captcha),
            "calendar": lambda visit, step: canary_steps.calendar(visit, step, target, now=self._clock()),
            "months": canary_steps.months,
            "list view": canary_steps.list_view,
            "news": lambda visit, step: canary_steps.news(visit, step, target),
        }
        steps: list[Step] = []
        for name, act in acts.items():
            steps.append(Step(name))
            if not await self._take(visit, steps[-1], act):
                break
        return Walk(service.id, service.name, steps)

    async def _take(self, visit: Visit, step: Step, act: Act) -> bool:
        before = visit.wire.total
        try:
            async with watched(visit, self._evidence, f"check {step.name}") as step.evidence:
                try:
                    goes_on = await act(visit, step)
                finally:
                    _hear(visit, step, since=before)
                if step.differs:
                    step.evidence.extend(await self._evidence.keep(visit, f"check {step.name}"))
        except (PortalChanged, BadInput, Refused, SlotGone) as error:
            step.differ(Kind.CHANGED, str(error))
        except tuple(ANSWERS) as error:
            step.blind, step.detail = ANSWERS[type(error)], str(error)
        else:
            return goes_on
        return False


def _hear(visit: Visit, step: Step, *, since: int) -> None:
    """What the City answered in this step; `since` as in Wire.total."""
    asked = visit.wire.total - since
    for call in visit.wire.calls[-asked:] if asked else ():
        if call.reply is not None:
            _compare(step, call.reply, visit.dialect)


def _compare(step: Step, reply: Reply, dialect: Dialect | None) -> None:
    try:
        answer = pydantic_core.from_json(reply.text)
    except ValueError:  # which is for the step itself to say
        return
    code = refusals.error_code(reply)
    if code is not None:
        if code not in refusals.CODES:
            step.differ(Kind.NEW_CODE, f"{reply.endpoint}: {code}")
        return
    if _is_captchas_no(reply, answer):
        return
    if reply.endpoint not in known_fields.ENDPOINTS:
        step.differ(Kind.NEW_QUESTION, reply.endpoint)
    new, missing = known_fields.unlike(reply.endpoint, answer, dialect=dialect)
    for kind, fields in ((Kind.NEW_FIELD, new), (Kind.MISSING_FIELD, missing)):
        for place in fields:
            step.differ(kind, f"{reply.endpoint}: {place}")
    if not new and not missing and reply.endpoint not in step.known:
        step.known.append(reply.endpoint)


def _is_captchas_no(reply: Reply, answer: Any) -> bool:
    """The captcha's way to refuse, which has a form of its own under a good status."""
    meta = answer.get("meta") if isinstance(answer, dict) and reply.endpoint.startswith("captcha") else None
    return isinstance(meta, dict) and meta.get("success") is False


def _chosen(catalog: Catalog, service_ids: Sequence[int]) -> list[Service]:
    if service_ids:
        return [_service(catalog, service_id) for service_id in service_ids]
    kinds = ([one for one in catalog.services if _has_box(catalog, one) is boxed] for boxed in (True, False))
    return [max(some, key=lambda one: _promise(catalog, one)) for some in kinds if some]


def _service(catalog: Catalog, service_id: int) -> Service:
    if service_id not in catalog.service_by_id:
        hint = "Search with: mta catalog search TEXT"
        raise BadInput(f"The City has no service {service_id}.", field="service", hint=hint)
    return catalog.service_by_id[service_id]


def _has_box(catalog: Catalog, service: Service) -> bool:
    return opening.captcha_due(catalog, ServiceCount(service.id))


def _promise(catalog: Catalog, service: Service) -> tuple[bool, int, int]:
    """How likely its pages show all there is: of the start page, at many offices, combinable with much."""
    offices = catalog.offices_for([ServiceCount(service.id)])
    return service.on_start_page and bool(offices), len(offices), len(service.combinable)
