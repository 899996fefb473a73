"""Connections to the feature store's database, and what may be said of its refusals.

A driver's own messages hold values of rows: `Key (patient_id)=(…) already exists`. Nothing of their text is passed on; the names and
numbers of an error come from its fields.
"""

from __future__ import annotations

import json
import logging
import ssl
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from pipeline.errors import FeatureStoreError

try:
    from OpenSSL.SSL import Error as _TLSError
except ImportError:  # PostgreSQL does without
    _TLSError = ssl.SSLError  # type: ignore[assignment, misc]  # the nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.feature_store import FeatureStore

AUTHORITY = "https://login.microsoftonline.com"
SCOPE = "https://database.windows.net/.default"
SECONDS = 30
"""How long to wait for a sign-in."""

HERE = ("localhost", "127.0.0.1", "::1")
"""Hosts that are reached without a network, and so without TLS."""

BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
"""Where Debian and Ubuntu have the certificate authorities in one file, which OpenSSL does not look for by itself."""

QUIET = ("pytds", "sqlalchemy.pool")
"""Loggers whose lines quote messages of the server, or are tracebacks about a connection that is lost anyway."""

FIELDS = {"C": "SQLSTATE", "t": "table", "c": "column", "n": "constraint"}
"""Fields of an error of PostgreSQL that hold names only."""

MEANINGS = {
    "28P01": "the user or the password is wrong",
    "28000": "the user may not sign in",
    "3D000": "there is no such database",
    "3F000": "there is no such schema",
    "42501": "a permission is missing",
    "23502": "an empty value where none may be",
    "23505": "a key that is there already",
    "23514": "a value that a constraint forbids",
    "53100": "the disk is full",
    "40P01": "a deadlock with another statement; run the stage again",
    "18456": "the service principal may not sign in",
    "40615": "the firewall keeps this address out",
    "4060": "there is no such database, or the user may not open it",
    "229": "a permission is missing",
    "515": "an empty value where none may be",
    "2627": "a key that is there already",
    "547": "a value that a constraint forbids",
    "1205": "a deadlock with another statement; run the stage again",
}
"""What the commonest numbers of both kinds of database mean."""


def engine(store: FeatureStore) -> sa.Engine:
    """Returns the engine of a feature store: a connection of its own each time, no parameter in a message, many rows per statement."""
    made = sa.create_engine(url(store), connect_args=arguments(store), poolclass=NullPool, hide_parameters=True)
    made.dialect.use_insertmanyvalues_wo_returning = True
    for logger in QUIET:
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    return made


def url(store: FeatureStore) -> sa.URL:
    """Returns where a feature store is. That of SQL Server names no user: a token stands for it."""
    if store.dialect == "sqlserver":
        return sa.URL.create("mssql+pytds", host=store.host, port=store.port, database=store.database)
    return sa.URL.create("postgresql+pg8000", store.user, store.password, store.host, store.port, store.database)


def arguments(store: FeatureStore) -> dict[str, Any]:
    """Returns what the driver is told besides: always TLS with a certificate that is checked, except within this machine."""
    if store.dialect == "sqlserver":
        sign_in = partial(token, store.tenant, store.user, store.password)
        return {"access_token_callable": sign_in, "cafile": authorities(), "login_timeout": SECONDS}
    return {"ssl_context": None if store.host in HERE else ssl.create_default_context()}


def authorities() -> str:
    """Returns the file of the certificate authorities: OpenSSL's own, which SSL_CERT_FILE overrides, else the system's.

    Raises:
        FeatureStoreError: There is neither.
    """
    for each in (ssl.get_default_verify_paths().cafile, BUNDLE):
        if each and Path(each).is_file():
            return each
    raise FeatureStoreError("there is no file of certificate authorities: name one in SSL_CERT_FILE")


def token(tenant: str, client: str, secret: str) -> str:
    """Returns a token of Entra ID that lets a service principal into Azure SQL.

    Args:
        tenant: The tenant of the service principal.
        client: Its application id.
        secret: Its secret.

    Raises:
        FeatureStoreError: Entra ID cannot be reached or gives none.
    """
    wanted = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret, "scope": SCOPE}
    try:
        address = f"{AUTHORITY}/{quote(tenant, safe='')}/oauth2/v2.0/token"
        with urlopen(address, urlencode(wanted).encode(), SECONDS) as answer:  # noqa: S310 - the scheme is a constant
            return str(json.load(answer)["access_token"])
    except HTTPError as error:
        codes = ", ".join(f"AADSTS{code}" for code in _codes(error))
        raise FeatureStoreError(
            f"Entra ID gives no token: {codes or f'HTTP {error.code}'}; look at the tenant, the application id and its secret"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FeatureStoreError(f"Entra ID cannot be asked for a token: {type(error).__name__}") from None


def _codes(error: HTTPError) -> list[int]:
    """Returns the numbers of an error of Entra ID, whose text may repeat what was sent."""
    try:
        found = json.load(error)["error_codes"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [code for code in found if isinstance(code, int)] if isinstance(found, list) else []


@contextmanager
def refusals(doing: str) -> Iterator[None]:
    """Turns the errors of SQLAlchemy and of a driver into one of ours, without their text.

    Args:
        doing: What the database is asked for, such as `a connection`.

    Raises:
        FeatureStoreError: The body raised such an error.
    """
    try:
        yield
    except (SQLAlchemyError, OSError, _TLSError) as error:
        raise FeatureStoreError(f"the feature store refused {doing}: {reason(error)}") from None


def reason(error: BaseException) -> str:
    """Returns what may be said of an error: classes, numbers and names of tables, columns and constraints; no text of a driver."""
    origin = getattr(error, "orig", None) or error
    classes = dict.fromkeys(type(each).__name__ for each in (origin, origin.__cause__) if each is not None)
    named = _fields(origin) or _fields(origin.__cause__)
    number = named.get("SQLSTATE", named.get("error", ""))
    facts = [*classes, *(f"{name} {value}" for name, value in named.items())]
    meaning = f" ({MEANINGS[number]})" if number in MEANINGS else ""
    return ", ".join(facts) + meaning


def _fields(origin: BaseException | None) -> dict[str, str]:
    """Returns the names and numbers that a driver gives apart from the text of an error."""
    first = origin.args[0] if origin is not None and origin.args else None
    if isinstance(first, dict):  # pg8000
        return {name: str(first[key]) for key, name in FIELDS.items() if key in first}
    number = getattr(origin, "number", None)  # python-tds
    return {"error": str(number)} if isinstance(number, int) and number else {}
