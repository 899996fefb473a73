"""Connections to the feature store's database, and what is said of refusals."""

from __future__ import annotations

import json
import ssl
import threading
import traceback
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

pytest.importorskip("sqlalchemy", reason="the feature store is written through SQLAlchemy")

from sqlalchemy.exc import DBAPIError

from pipeline import database
from pipeline.database import arguments, authorities, engine, reason, refusals, token, url
from pipeline.errors import FeatureStoreError
from pipeline.feature_store import FeatureStore
from pipeline.monitoring import Log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MARKER = "Zebra77"
AZURE = FeatureStore("sqlserver", "sql.example.net", 1433, "features", "app", MARKER, "dbo", Log(), "tenant")
POSTGRESQL = FeatureStore("postgresql", "sql.example.net", 5432, "features", "app", MARKER, "public", Log())


def test_the_address_of_sql_server_has_neither_user_nor_password() -> None:
    assert url(AZURE).render_as_string(hide_password=False) == "mssql+pytds://sql.example.net:1433/features"


def test_the_address_of_postgresql_has_both() -> None:
    shown = url(replace(POSTGRESQL, password="p@ss/word"))
    assert str(shown) == "postgresql+pg8000://app:***@sql.example.net:5432/features"
    assert shown.password == "p@ss/word"


def test_sql_server_is_told_of_a_token_and_of_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "authorities", lambda: "/ca.pem")
    found = arguments(AZURE)
    sign_in = found.pop("access_token_callable")
    assert found == {"cafile": "/ca.pem", "login_timeout": 30}
    assert (sign_in.func, sign_in.args) == (token, ("tenant", "app", MARKER))


def test_postgresql_is_reached_by_tls_with_a_certificate_that_is_checked() -> None:
    context = arguments(POSTGRESQL)["ssl_context"]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_postgresql_on_this_machine_is_reached_without(host: str) -> None:
    assert arguments(replace(POSTGRESQL, host=host)) == {"ssl_context": None}


def test_certificates_come_from_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert authorities() == str(file)


def test_without_certificates_there_is_no_connection(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    monkeypatch.setattr(database, "BUNDLE", str(tmp_path / "none"))
    with pytest.raises(FeatureStoreError, match="name one in SSL_CERT_FILE"):
        authorities()


def test_the_driver_of_sql_server_is_given_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pytds = pytest.importorskip("pytds")
    pytest.importorskip("sqlalchemy_pytds")
    given: dict[str, Any] = {}

    def connect(*arguments: Any, **options: Any) -> None:
        given.update(options, positional=arguments)
        raise pytds.LoginError(MARKER)

    monkeypatch.setattr(pytds, "connect", connect)
    monkeypatch.setattr(database, "authorities", lambda: "/ca.pem")
    with pytest.raises(FeatureStoreError) as caught, refusals("a connection"):
        engine(AZURE).connect()
    assert str(caught.value) == "the feature store refused a connection: LoginError"
    del given["access_token_callable"]
    expected = {
        "dsn": "sql.example.net",
        "port": 1433,
        "database": "features",
        "cafile": "/ca.pem",
        "login_timeout": 30,
    }
    assert given == {"positional": (), **expected}


@pytest.fixture
def entra(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, str], list[Any]]]:
    """Stands in for Entra ID: answers with a status and a text, and keeps what it was asked."""
    asked: list[Any] = []
    answer = {"status": 200, "text": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append((self.path, parse_qs(body)))
            self.send_response(int(answer["status"]))
            self.end_headers()
            self.wfile.write(str(answer["text"]).encode())

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    def answering(status: int, text: str) -> list[Any]:
        answer.update(status=status, text=text)
        return asked

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(database, "AUTHORITY", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield answering
        server.shutdown()


def test_a_service_principal_gets_a_token_of_its_tenant(entra: Callable[[int, str], list[Any]]) -> None:
    asked = entra(200, '{"token_type": "Bearer", "access_token": "abc"}')
    assert token("te/nant", "app", "s&cret") == "abc"
    assert asked == [
        (
            "/te%2Fnant/oauth2/v2.0/token",
            {
                "grant_type": ["client_credentials"],
                "client_id": ["app"],
                "client_secret": ["s&cret"],
                "scope": ["https://database.windows.net/.default"],
            },
        )
    ]


REFUSED = json.dumps({"error": "invalid_client", "error_description": MARKER, "error_codes": [7000215, MARKER]})


@pytest.mark.parametrize(
    ("status", "text", "message"),
    [
        (401, REFUSED, "Entra ID gives no token: AADSTS7000215; look at the tenant, the application id and its secret"),
        (400, MARKER, "Entra ID gives no token: HTTP 400; look at"),
        (400, f'["{MARKER}"]', "Entra ID gives no token: HTTP 400; look at"),
        (400, f'{{"error_codes": "{MARKER}"}}', "Entra ID gives no token: HTTP 400; look at"),
        (200, MARKER, "Entra ID cannot be asked for a token: JSONDecodeError"),
        (200, "[]", "Entra ID cannot be asked for a token: TypeError"),
        (200, "{}", "Entra ID cannot be asked for a token: KeyError"),
    ],
)
def test_entra_id_without_a_token_is_an_error(
    entra: Callable[[int, str], list[Any]], status: int, text: str, message: str
) -> None:
    entra(status, text)
    with pytest.raises(FeatureStoreError) as caught:
        token("tenant", "app", MARKER)
    assert str(caught.value).startswith(message)
    assert MARKER not in "".join(traceback.format_exception(caught.type, caught.value, caught.tb))


def test_entra_id_out_of_reach_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "AUTHORITY", "http://127.0.0.1:1")
    with pytest.raises(FeatureStoreError, match="Entra ID cannot be asked for a token: URLError"):
        token("tenant", "app", MARKER)


class Pg8000Error(Exception):
    """As pg8000 raises it: the fields of the server's message."""


class PytdsError(Exception):
    """As python-tds raises it: a text, and a number beside it."""

    number = 2627


def _wrapped(origin: Exception) -> DBAPIError:
    return DBAPIError(f"INSERT {MARKER}", {"patient_id": MARKER}, origin)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            _wrapped(Pg8000Error({"C": "23505", "M": MARKER, "D": MARKER, "t": "t", "n": "pk_t", "s": "public"})),
            "Pg8000Error, SQLSTATE 23505, table t, constraint pk_t (a key that is there already)",
        ),
        (
            _wrapped(Pg8000Error({"C": "23502", "M": MARKER, "D": MARKER, "t": "t", "c": "code"})),
            "Pg8000Error, SQLSTATE 23502, table t, column code (an empty value where none may be)",
        ),
        (_wrapped(Pg8000Error({"C": "XX000", "M": MARKER})), "Pg8000Error, SQLSTATE XX000"),
        (_wrapped(PytdsError(MARKER)), "PytdsError, error 2627 (a key that is there already)"),
        (_wrapped(ValueError(MARKER)), "ValueError"),
        (TimeoutError(MARKER), "TimeoutError"),
        (OSError(), "OSError"),
    ],
)
def test_a_reason_has_names_and_numbers_and_no_text(error: Exception, said: str) -> None:
    assert reason(error) == said
    with pytest.raises(FeatureStoreError) as caught, refusals("it"):
        raise error
    assert str(caught.value) == f"the feature store refused it: {said}"
    assert MARKER not in "".join(traceback.format_exception(caught.type, caught.value, caught.tb))


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(KeyError), refusals("it"):
        raise KeyError
