"""The mta command as an operator uses it: one practice city and one data folder for all tests of this file."""

from pathlib import Path
from typing import Any

import pytest

from tests.circle.conftest import ERIKA, MANDATED, Operator

KFZ = "1064305"  # Fahrzeug abmelden, at the Zulassungsstelle alone
WOHNSITZ = "1063475"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module", autouse=True)
def catalog(operator: Operator) -> dict[str, Any]:
    """Asked first of all: later commands find it kept and need no browser."""
    return dict(operator.starts("catalog", "search", "wonsitzanmeldung", "--json").json())


def watched(operator: Operator) -> list[int]:
    return [one["id"] for one in operator.says("watch", "list", "--json").json()]


def test_a_service_is_found_in_spite_of_a_typing_error(catalog: dict[str, Any]) -> None:
    best = catalog["services"][0]

    assert (best["id"], best["name"]) == (int(WOHNSITZ), "Wohnsitzanmeldung")
    assert {"id": 54261, "name": "Bürgerbüro Pasing", "captcha": True} in best["offices"]


def test_offices_are_found_by_their_street(operator: Operator) -> None:
    said = operator.says("catalog", "search", "Landsberger", "Straße")

    assert said.status == 0
    assert "Bürgerbüro Pasing" in said.out


def test_a_look_tells_what_is_free_and_what_it_cost(operator: Operator) -> None:
    seen = operator.starts("look", KFZ, "--days", "4", "--json").json()

    assert (seen["answer"], seen["dialect"]) == ("free", "aug")
    assert {slot["office"] for slot in seen["slots"]} == {"KfZ Zulassungsstelle"}
    assert 0 < seen["requests"] <= seen["budget"]["limit"]
    assert seen["unread_days"]


def test_a_watch_is_opened_listed_shown_and_stopped(operator: Operator) -> None:
    rules = ("--from", "2099-12-01", "--to", "18.12.2099", "--hours", "mon-tue 08:00-12:00", "--notice", "24h")

    opened = operator.starts(
        "watch", "add", f"{WOHNSITZ}=2", "--office", "54261", *rules, *ERIKA, MANDATED, "--json"
    ).json()
    number = str(opened["watch"])
    listed = operator.starts("watch", "list")
    shown = operator.says("watch", "show", number, "--show-person")
    stopped = operator.says("watch", "stop", number), operator.says("watch", "stop", number)

    assert opened["queued"] is False
    assert "1063475=2" in listed.out
    assert "Erika" not in listed.out
    assert "Erika Muster <erika@example.org>" in shown.out
    assert "mon 08:00-12:00, tue 08:00-12:00" in shown.out
    assert [one.out for one in stopped] == [
        f"Watch {number} is stopped.\n",
        f"Watch {number} was already stopped.\n",
    ]
    assert operator.says("watch", "show", number, "--json").json()["state"] == "stopped"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("106347", *ERIKA), "The City has no service 106347. Nearest: Wohnsitzanmeldung (1063475)"),
        (("Wonsitz", *ERIKA), "“Wonsitz” is not a service's number. Nearest: Wohnsitzanmeldung (1063475)"),
        ((WOHNSITZ, "--office", "5426", *ERIKA), "The City has no office 5426. Nearest: Bürgerbüro Pasing (54261)"),
        ((WOHNSITZ, "--office", "102101", *ERIKA), "“KfZ Zulassungsstelle” (102101) does not offer this."),
        ((WOHNSITZ, KFZ, *ERIKA), "“Fahrzeug abmelden” cannot share an appointment with “Wohnsitzanmeldung”."),
        ((WOHNSITZ, *ERIKA, "--mail", "erika+x@example.org"), "The City refuses mail addresses with a plus sign."),
        ((WOHNSITZ, "--office", "54261", *ERIKA, "--remarks", ""), "These offices demand: remarks"),
        ((WOHNSITZ, *ERIKA[2:]), "Missing option '--first-name'"),
        ((WOHNSITZ, *ERIKA, "--from", "2020-01-01", "--to", "2020-01-31"), "lie in the past"),
        ((WOHNSITZ, *ERIKA, "--until", "2020-01-31"), "The deadline lies in the past."),
    ],
    ids=lambda value: None if isinstance(value, str) else " ".join(value)[:30],
)
def test_a_wish_that_cannot_be_is_refused_in_a_sentence(
    operator: Operator, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in operator.says("watch", "add", *words, MANDATED).refusal(status=2)


def test_nothing_is_watched_without_a_mandate(operator: Operator) -> None:
    said = operator.starts("watch", "add", WOHNSITZ, *ERIKA)

    assert "Confirm with --yes-i-am-mandated." in said.refusal(status=2)


def test_what_was_refused_has_left_nothing_behind(operator: Operator) -> None:
    before = watched(operator)

    operator.says("watch", "add", WOHNSITZ, "--office", "102101", *ERIKA, MANDATED).refusal(status=2)
    operator.says("watch", "add", WOHNSITZ, *ERIKA, MANDATED, MTA_SITE_URL=NOWHERE).refusal(status=1)

    assert watched(operator) == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("watch", "show", "999"), "There is no watch 999. See: mta watch list"),
        (("bookings", "show", "999"), "There is no booking 999. See: mta bookings list"),
        (("bookings", "activate", "999", "x"), "There is no booking 999."),
        (("look", WOHNSITZ, "--office", "pasing"), "Nearest: Bürgerbüro Pasing"),
        (("batch", "run", "missing.csv"), "missing.csv cannot be read: No such file or directory."),
        (("rehearsal", "serve", "--port", "99999"), "--port: Input should be less than or equal to 65535."),
        (("demo", "--mood", "grumpy"), 'No mood is called "grumpy"'),
        (("demo", "--frontend", "nowhere"), "owhere is not a folder."),
        (("demo", "--json", "nowhere/demo.json"), "There is no folder"),
    ],
    ids=lambda value: None if isinstance(value, str) else "-".join(value[:3]),
)
def test_what_is_not_there_is_said_in_a_sentence(operator: Operator, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in operator.says(*words).refusal(status=2)


@pytest.mark.parametrize(
    ("words", "settings", "status", "sentence"),
    [
        (("look", WOHNSITZ), {"MTA_SITE_URL": NOWHERE}, 1, f"{NOWHERE}: The City's page could not be loaded."),
        (("look", KFZ), {"MTA_BROWSER_PATH": "/nowhere"}, 1, "There is no browser at the configured path /nowhere."),
        (("worker",), {"MTA_REDIS_URL": "redis://127.0.0.1:9"}, 1, "No Redis answers at MTA_REDIS_URL."),
        (("up",), {"MTA_REDIS_URL": "redis://127.0.0.1:9"}, 1, "No Redis answers at MTA_REDIS_URL."),
        (("scheduler",), {}, 1, "No Redis runs in the data folder. Start everything with: mta up"),
        (("watch", "list"), {"MTA_DATA_DIR": "/dev/null"}, 2, "MTA cannot keep its data in /dev/null"),
        (("watch", "list"), {"MTA_MAX_PAGES": "many", "MTA_CAPTCHA": "robot"}, 2, "MTA_MAX_PAGES: Input should be"),
        (("watch", "list"), {"MTA_DATABASE_URL": "foo"}, 2, "MTA_ENCRYPTION_KEYS is needed too"),
        (("look", KFZ), {"MTA_PROFILE": "nobody"}, 2, "There is no browser profile nobody."),
    ],
    ids=lambda value: None if isinstance(value, str | int) else "-".join(value),
)
def test_a_machine_that_cannot_do_it_says_so_in_a_sentence(
    operator: Operator, words: tuple[str, ...], settings: dict[str, str], status: int, sentence: str
) -> None:
    assert sentence in operator.says(*words, **settings).refusal(status=status)


def test_a_batch_reports_each_row_and_writes_only_the_good_ones(operator: Operator) -> None:
    columns = "service,office,first_name,last_name,mail,mode,mandated"
    rows = (
        f"{KFZ},,Ada,Probe,ada@example.org,notify,yes",
        f"{KFZ},54261,Ben,Probe,ben@example.org,auto,yes",
        f"{KFZ},,Cem,Probe,cem+x@example.org,auto,yes",
        "Abmelden,,Dora,Probe,dora@example.org,auto,yes",
    )
    file = operator.home / "wishes.csv"
    file.write_text("\n".join((columns, *rows)), "utf-8")
    before = watched(operator)

    tried = operator.says("batch", "run", str(file), "--dry-run", "--json").json(status=1)
    after_trial = watched(operator)
    done = operator.starts("batch", "run", str(file), "--json").json(status=1)

    assert [(one["row"], one["ok"], one["column"]) for one in done] == [
        (2, True, ""),
        (3, False, "office"),
        (4, False, "mail"),
        (5, False, "service"),
    ]
    assert [one["ok"] for one in tried] == [one["ok"] for one in done]
    assert after_trial == before
    assert set(watched(operator)) - set(before) == {done[0]["watch"]}


def test_a_batch_in_yaml_ends_with_a_line_for_each_row(operator: Operator) -> None:
    file = operator.home / "wishes.yaml"
    file.write_text(
        f"- {{service: {KFZ}, first_name: Ada, last_name: Probe, mail: ada@example.org, mandated: yes}}\n"
        f"- {{service: {KFZ}, first_name: Ben, mail: ben@example.org, mandated: yes}}\n",
        "utf-8",
    )

    said = operator.says("batch", "run", str(file), "--dry-run")

    assert said.status == 1
    assert "would be watched" in said.out
    assert "Row 2, column last_name: The last name is missing." in said.out


def test_the_kill_switch_is_seen_and_let_go_again(operator: Operator) -> None:
    paused = operator.says("lane", "pause", "--reason", "holidays")
    while_paused = operator.says("lane", "list", "--json").json()
    operator.says("lane", "resume")

    assert "nobody is looking" in paused.out
    [lane] = while_paused
    assert (lane["name"], lane["open"], lane["state"], lane["reason"]) == ("main", False, "paused", "holidays")
    assert operator.says("lane", "list", "--json").json()[0]["open"] is True


def test_quiet_hours_are_shown_and_refused_by_name(operator: Operator) -> None:
    shown = operator.says("lane", "list", MTA_QUIET_HOURS="00:00-23:59").out
    refused = operator.says("lane", "list", MTA_QUIET_HOURS="at night").refusal(status=2)

    assert "quiet hours" in shown
    assert "00:00-23:59" in shown
    assert "MTA_QUIET_HOURS: “at night” are no quiet hours. Write two times: 23:00-05:30." in refused


def test_keys_can_be_changed_and_the_old_one_dropped(operator: Operator) -> None:
    operator.says("watch", "add", KFZ, *ERIKA, MANDATED)
    file = operator.home / "data" / "keys"
    old, new = file.read_text(), operator.says("keys", "new").out
    file.write_text(new + old)

    turned = operator.says("keys", "rotate")
    file.write_text(new)
    opened = operator.says("watch", "list", "--show-person")

    assert turned.status == 0
    assert "sealed anew" in turned.out
    assert "Erika Muster" in opened.out


def test_the_doctor_finds_nothing_wrong_here(operator: Operator) -> None:
    found = operator.starts("doctor", "--json").json()

    assert {"browser", "redis", "database", "keys", "profile", "site"} <= {one["name"] for one in found}
    assert {one["level"] for one in found} <= {"ok", "warn"}  # a disk nearly full is the machine's own matter


def test_the_doctor_names_what_is_wrong_and_how_to_mend_it(operator: Operator, tmp_path: Path) -> None:
    said = operator.says(
        "doctor",
        "--json",
        MTA_BROWSER_PATH="/nowhere",
        MTA_REDIS_URL="redis://127.0.0.1:9",
        MTA_DATA_DIR=str(tmp_path / "new"),
    )
    wrong = {one["name"]: one for one in said.json(status=1) if one["level"] == "fail"}

    assert set(wrong) == {"browser", "redis", "site"}
    assert "/nowhere" in wrong["browser"]["found"]
    assert "make setup" in wrong["browser"]["mend"]
    assert "MTA_REDIS_URL" in wrong["redis"]["mend"]
    assert wrong["site"]["mend"] == "Mend the browser first."


def test_the_doctor_tells_a_site_that_is_not_there(operator: Operator) -> None:
    said = operator.says("doctor", MTA_SITE_URL=NOWHERE)

    assert said.status == 1
    assert f"fail site      {NOWHERE}: The City's page could not be loaded." in said.out
    assert "→ Check the network, MTA_SITE_URL and MTA_PROXY." in said.out


def test_the_doctor_tells_keys_that_do_not_open_the_rows(operator: Operator) -> None:
    operator.says("watch", "add", KFZ, *ERIKA, MANDATED)

    said = operator.says("doctor", MTA_ENCRYPTION_KEYS=operator.says("keys", "new").out.strip())

    assert said.status == 1
    assert "fail keys      The database was sealed with another key." in said.out
