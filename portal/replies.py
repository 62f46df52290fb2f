"""What came back over the wire, before anybody judged it."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

API_PATH = "/api/citizen/"  # the page's built-in base ends in it, and so does every base the City configured since


def endpoint_of(url: str) -> str | None:
    """The endpoint's name, without slashes, if the address belongs to the City's API."""
    _, found, rest = urlsplit(url).path.partition(API_PATH)
    return rest.strip("/") if found else None


@lru_cache(maxsize=64)
def _query(url: str) -> tuple[tuple[str, str], ...]:
    """A page that stays asks the same again and again, and each answer is held to its question several times."""
    return tuple(parse_qsl(urlsplit(url).query))


def is_write(method: str, endpoint: str) -> bool:
    """Whether a lost answer leaves open what the City did. The captcha's POST changes nothing there."""
    return method != "GET" and not endpoint.startswith("captcha")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the City's API. `problem` is the browser's word for an answer that never arrived whole.

    `resent` says that the browser seems to have sent the request more than once: it does so by itself, also with a
    POST, when a connection it kept breaks before the first byte. The answer is that to the last one sent.
    """

    endpoint: str
    method: str
    url: str
    status: int = 0
    text: str = ""
    problem: str = ""
    resent: bool = False

    def __repr__(self) -> str:
        return f"Reply({self.method} {self.endpoint} {self.status} {self.problem})"

    @property
    def writes(self) -> bool:
        return is_write(self.method, self.endpoint)

    @property
    def query(self) -> dict[str, str]:
        return dict(_query(self.url))
