"""The made-up people of the benches, written at once."""

from collections import Counter
from pathlib import Path

import pytest

from bench.population import settle, targets_of_the_city
from core.slots import utc_now
from core.wishes import WishRules
from models import targets, watches
from models.database import Database
from models.keyring import Keyring
from rehearsal.catalog import load_catalog
from tests.models_cast import KEY


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'many.sqlite3'}", keys=Keyring.from_text(KEY))
    made.migrate()
    return made


def test_watches_are_spread_evenly_and_their_targets_due(database: Database) -> None:
    wanted, now = targets_of_the_city(12), utc_now()
    rules = WishRules()

    database.transact(lambda session: settle(session, database.keys, wanted, count=1, rules=rules, now=now))
    database.transact(lambda session: settle(session, database.keys, wanted, count=35, rules=rules, now=now, first=1))

    with database.reading() as session:
        every = watches.list(session)
        assert set(Counter(one.target_id for one in every).values()) == {3}
        assert len({one.person_id for one in every}) == 36
        assert [one.next_look_at for one in targets.list(session)] == [now] * 12
        assert {one.core for one in targets.list(session)} == set(wanted)
    database.close()


def test_all_its_targets_can_be_had_in_the_practice_city() -> None:
    catalog = load_catalog()

    for one in targets_of_the_city(20):
        asked = [(service.service_id, service.count) for service in one.services]
        assert catalog.minutes(min(one.office_ids), asked) is not None
        assert catalog.services[one.main.service_id].max >= one.main.count
    assert len(set(targets_of_the_city(20))) == 20
