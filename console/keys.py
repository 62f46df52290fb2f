"""mta keys: what personal data is sealed with."""

import base64
import secrets
from typing import Final

import typer

from config import settings
from console import printing, store
from models import encryption

KEY_BYTES: Final = 32  # as Fernet wants them

app = typer.Typer(help="The keys that personal data is sealed with: new, rotate.", no_args_is_help=True)


@app.command()
def new() -> None:
    """Print a key that was never used, for the head of MTA_ENCRYPTION_KEYS or of the key file."""
    printing.say(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode())


@app.command()
def rotate() -> None:
    """Seal everything with the newest key; afterwards the older ones may go. Harmless to repeat."""
    with store.opened(settings.load()) as kept:
        changed = kept.database.transact(lambda session: encryption.rotate(session, kept.keyring))
    printing.say(f"{changed} values were sealed anew with the newest key.")
