"""The Altcha check of both generations, and the token that proves a solved one.

February's widget speaks Altcha's first challenge form, August's the second. The token is a JWT (HS256) bound
to the client's address; it may be used again until it expires.
"""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from altcha import v1, v2

from rehearsal.errors import CityError
from rehearsal.settings import Dialect

_NUMBERS_PER_COST = 300
_EXPIRY = timedelta(minutes=10)
_SITE_KEY = "practice-city"


class Captcha:
    """`cost` is August's rounds per guess; February's range of numbers is 300 times that."""

    def __init__(self, *, dialect: Dialect, cost: int, ttl: timedelta, seed: int) -> None:
        self._dialect = dialect
        self._cost = cost
        self._ttl = ttl
        self._secret = hashlib.sha256(f"practice city {seed}".encode()).digest()
        self._hmac_key = self._secret.hex()

    def details(self, *, api: str, enabled: bool) -> dict[str, Any]:
        return {
            "siteKey": _SITE_KEY,
            "captchaChallenge": f"{api}/captcha-challenge/",
            "captchaVerify": f"{api}/captcha-verify/",
            "captchaEnabled": enabled,
        }

    def challenge(self) -> dict[str, Any]:
        """Expires by real time: the widget in the visitor's browser looks at its own clock."""
        expires = datetime.now(UTC) + _EXPIRY
        return self._feb_challenge(expires) if self._dialect is Dialect.FEB else self._aug_challenge(expires)

    def verify(self, payload: object, *, client: str, now: datetime) -> dict[str, Any]:
        if not payload or not isinstance(payload, str):
            return upstream_failure("No payload was sent")
        solution = _decoded(payload)
        if solution is None:
            return upstream_failure("The payload cannot be read")
        if not self._solved(solution):
            return {"meta": {"success": False, "error": "The solution is wrong"}, "data": {"valid": False}}
        token = self.token(client, now=now)
        return {"meta": {"success": True}, "data": {"valid": True}, "token": token}

    def token(self, client: str, *, now: datetime) -> str:
        issued = int(now.timestamp())
        claims = {"ip": client, "iat": issued, "exp": issued + int(self._ttl.total_seconds())}
        head = _part(json.dumps({"typ": "JWT", "alg": "HS256"}).encode())
        body = f"{head}.{_part(json.dumps(claims).encode())}"
        return f"{body}.{_part(self._sign(body))}"

    def check(self, token: object, *, client: str, now: datetime) -> None:
        """Raises `captchaMissing`, `captchaInvalid` or `captchaExpired`."""
        if not token:
            raise CityError("captchaMissing")
        claims = self._claims(str(token))
        if claims is None:
            raise CityError("captchaInvalid")
        if now.timestamp() >= claims["exp"]:
            raise CityError("captchaExpired")
        if claims.get("ip") != client:
            raise CityError("captchaInvalid")

    def _feb_challenge(self, expires: datetime) -> dict[str, Any]:
        options = v1.ChallengeOptions(
            algorithm="SHA-256",
            max_number=self._cost * _NUMBERS_PER_COST,
            hmac_key=self._hmac_key,
            expires=expires,
        )
        made = v1.create_challenge(options).to_dict()
        made["maxnumber"] = made.pop("maxNumber")
        return made

    def _aug_challenge(self, expires: datetime) -> dict[str, Any]:
        made = v2.create_challenge("SHA-256", self._cost, expires_at=expires, hmac_secret=self._hmac_key)
        unset = {"keySignature": None, "memoryCost": None, "parallelism": None, "data": None}
        plain = made.to_dict()
        return {"parameters": {**unset, **plain["parameters"]}, "signature": plain["signature"]}

    def _solved(self, payload: dict[str, Any]) -> bool:
        if self._dialect is Dialect.FEB:
            valid, _ = v1.verify_solution(json_b64(payload), self._hmac_key, check_expires=True)
            return valid
        return v2.verify_solution(json_b64(_without_unset(payload)), self._hmac_key).verified

    def _claims(self, token: str) -> dict[str, Any] | None:
        body, _, signature = token.rpartition(".")
        if not hmac.compare_digest(_part(self._sign(body)).encode(), signature.encode()):
            return None
        claims: dict[str, Any] = json.loads(_unpart(body.partition(".")[2]))
        return claims

    def _sign(self, body: str) -> bytes:
        return hmac.new(self._secret, body.encode(), hashlib.sha256).digest()


def upstream_failure(reason: str) -> dict[str, Any]:
    """Sent with status 200: the captcha server behind the City did not play along."""
    return {"meta": {"success": False, "error": reason}, "data": None}


def json_b64(value: object) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


def _decoded(payload: str) -> dict[str, Any] | None:
    try:
        value = json.loads(base64.b64decode(payload.translate(str.maketrans("-_", "+/"))))
    except (binascii.Error, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _without_unset(payload: dict[str, Any]) -> dict[str, Any]:
    """The City sends parameters nobody set as null; the signature covers only those that are set."""
    challenge = payload.get("challenge")
    if not isinstance(challenge, dict) or not isinstance(challenge.get("parameters"), dict):
        return payload
    given = {name: value for name, value in challenge["parameters"].items() if value is not None}
    return {**payload, "challenge": {**challenge, "parameters": given}}


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpart(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
