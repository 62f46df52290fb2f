"""What every test sees, and the order they run in."""

from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("suite", deadline=None)  # a slow machine is no failure
hypothesis.settings.load_profile("suite")

pytest_plugins = [
    "tests.services",
    "tests.rows_fixtures",
    "tests.browser_fixtures",
    "tests.rehearsal_fixtures",
    "tests.portal_fixtures",
    "tests.jobs_fixtures",
    "tests.mail_fixtures",
]

PAGE_TESTS = Path(__file__).parent / "page"


@pytest.fixture(scope="session")
def base_url() -> str | None:
    """Stands in for pytest-playwright's own, whose form pytest 9 warns of; page tests may override it."""
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Playwright's sync API, once started, leaves a loop running in the main thread, on which no asynchronous test
    # can run afterwards: page tests go last.
    items.sort(key=lambda item: PAGE_TESTS in item.path.parents)
