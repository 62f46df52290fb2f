"""The FastAPI application: one API dialect, the control routes, and a page to look at."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from rehearsal.city import City
from rehearsal.contract_change import ContractChange
from rehearsal.control import control_routes
from rehearsal.errors import CityError, Crash
from rehearsal.inbox import Inbox
from rehearsal.mail import PostOffice
from rehearsal.protection import Protection, crash_answer
from rehearsal.settings import Dialect
from rehearsal.wire import API, refusal
from rehearsal.wire_aug import aug_routes
from rehearsal.wire_feb import feb_routes

_NO_PAGE = "<!doctype html><title>Practice city</title><p>The practice city has no page here; its API answers.</p>"


def build_app(city: City, inbox: Inbox, office: PostOffice) -> FastAPI:
    app = FastAPI(title="Practice city", openapi_url=None, redirect_slashes=False)
    app.include_router(feb_routes(city) if city.settings.dialect is Dialect.FEB else aug_routes(city))
    app.include_router(control_routes(city, inbox, office))
    _add_page(app, city)
    app.add_exception_handler(CityError, _refusing(city))
    app.add_exception_handler(Crash, _crashing)
    app.add_exception_handler(HTTPException, _missing(city))
    app.add_middleware(ContractChange, city=city)
    app.add_middleware(Protection, city=city)
    return app


def _add_page(app: FastAPI, city: City) -> None:
    frontend = city.settings.frontend
    if frontend is not None:
        app.mount("/", StaticFiles(directory=frontend, html=True), name="frontend")
        return

    async def index() -> Response:
        return HTMLResponse(_index(city), headers={"Cache-Control": "no-store"})

    app.add_api_route("/", index)
    app.add_api_route("/index.html", index)
    app.mount("/page", StaticFiles(directory=city.settings.page, check_dir=False), name="page")


def _index(city: City) -> str:
    page = city.settings.page / "index.html"
    html = page.read_text("utf-8") if page.is_file() else _NO_PAGE
    return html.replace("{{generation}}", city.settings.dialect.value).replace("{{mood}}", city.moods.page())


Handler = Callable[[Request, Exception], Awaitable[Response]]


def _refusing(city: City) -> Handler:
    async def refuse(_: Request, refused: Exception) -> Response:
        codes = refused.codes if isinstance(refused, CityError) else ()
        return refusal(city, *codes)

    return refuse


async def _crashing(_: Request, __: Exception) -> Response:
    return crash_answer()


def _missing(city: City) -> Handler:
    codes = {404: "notFound", 405: "requestMethodNotAllowed"}

    async def missing(request: Request, raised: Exception) -> Response:
        if not isinstance(raised, HTTPException):
            raise raised
        if request.url.path.startswith(API) and raised.status_code in codes:
            return refusal(city, codes[raised.status_code])
        return JSONResponse({"detail": raised.detail}, raised.status_code)

    return missing


def frontend_problem(folder: Path) -> str | None:
    """Why this folder cannot be served as the City's page, or None."""
    if not folder.is_dir():
        return f"{folder} is not a folder"
    if not (folder / "index.html").is_file():
        return f"{folder} has no index.html"
    return None
