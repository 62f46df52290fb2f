"""From an office's published text to the next look: dense while new slots are expected, and only then."""

import random
from datetime import timedelta

import pytest
from sqlmodel import Session

from core.cadence import Cadence, Pace
from core.catalog import Catalog, Office, Relation, Scope, Service
from core.looks import Answer, Dialect
from models import catalogs, targets, watches
from models.database import Database
from models.watch import Watch
from tests.models_cast import NOW, PASSPORT, RUPPERT, looked, watch_of
from workers import expecting, looking

SITE = "https://city.example/termin.html"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
PACE = Pace(interval=65 * SECOND)
SAYS = "Neue Termine werden montags zwischen 9 und 10 Uhr freigeschaltet."  # it is Monday, nine o'clock


@pytest.fixture
def watch(database: Database) -> Watch:
    catalog = Catalog(
        offices=(Office(id=RUPPERT, name="Rathaus", scope=Scope(id=1, info=SAYS)),),
        services=(Service(id=PASSPORT.service_id, name="Pass"),),
        relations=(Relation(office_id=RUPPERT, service_id=PASSPORT.service_id),),
    )
    with database.transaction() as session:
        catalogs.keep(session, SITE, Dialect.AUG, catalog, now=NOW)
        return watch_of(session)


def cadence(session: Session, watch: Watch) -> Cadence:
    return expecting.cadence(session, targets.get(session, watch.target_id), site_url=SITE, now=NOW)


def test_what_an_office_publishes_makes_its_targets_looks_dense(database: Database, watch: Watch) -> None:
    def look(session: Session, given: Cadence) -> timedelta:
        target = targets.get(session, watch.target_id)
        target.next_look_at = NOW
        looking.absorb(
            session, target, looked(Answer.NONE), lane="main", pace=PACE, cadence=given, now=NOW, rng=random.Random(1)
        )
        return target.next_look_at - NOW

    with database.transaction() as session:
        assert 5 * SECOND <= look(session, cadence(session, watch)) <= 6 * SECOND
        assert look(session, Cadence()) >= 65 * SECOND


def test_a_lane_expects_what_any_of_its_targets_does(database: Database, watch: Watch) -> None:
    with database.transaction() as session:
        assert not expecting.lane_cadence(session).dense_at(NOW), "no look has asked yet"
        cadence(session, watch)
    with database.reading() as session:
        assert expecting.lane_cadence(session).dense_at(NOW)
        assert not expecting.lane_cadence(session).dense_at(NOW + HOUR)
    with database.transaction() as session:
        watches.stop(session, watch.id, now=NOW)
        assert expecting.lane_cadence(session) == Cadence(), "nobody waits any more"
