"""SQL Server, as far as it can be known without one: a stand-in that speaks TLS and TDS until sign-in, and one of the driver."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
import traceback
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pytest

pytest.importorskip("sqlalchemy_pytds", reason="the driver of SQL Server")
pytest.importorskip("OpenSSL", reason="the driver's TLS")

import pytds
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pipeline import database, gold_sql
from pipeline.database import engine, refusals
from pipeline.errors import FeatureStoreError
from pipeline.feature_store import FeatureStore
from pipeline.monitoring import Log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [  # what python-tds calls in pyOpenSSL is deprecated
    pytest.mark.filterwarnings("ignore:This API is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:X509Extension support:DeprecationWarning"),
]

MARKER = "Zebra77"
WINDOW = "20240101T000000Z_20240102T000000Z"
PRELOGIN, LOGIN, REPLY = 0x12, 0x10, 0x04
VERSION_12 = struct.pack(">I", 0x0C0007D0)


def certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """Makes a certificate for a host, which is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a server")])
    now = datetime.now(timezone.utc)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return public, private


def packet(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBHHBB", kind, 1, len(body) + 8, 0, 1, 0) + body


def prelogin() -> bytes:
    """Version, encryption on, and sign-in by token required."""
    fields = {0: VERSION_12 + b"\0\0", 1: b"\1", 4: b"\0", 6: b"\1"}
    place, index, data = 5 * len(fields) + 1, b"", b""
    for number, value in fields.items():
        index += struct.pack(">BHH", number, place + len(data), len(value))
        data += value
    return index + b"\xff" + data


def text(value: str, size: str) -> bytes:
    return struct.pack(size, len(value)) + value.encode("utf-16-le")


def refusal(number: int) -> bytes:
    """An error whose text holds a value, and the end of the answer."""
    body = struct.pack("<IBB", number, 1, 14) + text(f"no {MARKER}", "<H") + text("", "B") * 2 + struct.pack("<I", 1)
    return b"\xaa" + struct.pack("<H", len(body)) + body + b"\xfd" + struct.pack("<HHQ", 2, 0, 0)


def accepted() -> bytes:
    """The database that was asked for, the server's version, an acknowledgement of the token, and the end of the answer."""
    where = b"\1" + text("features", "B") + text("master", "B")
    who = b"\1" + struct.pack(">I", 0x74000004) + text("SQL", "B") + VERSION_12
    tokens = b"".join(kind + struct.pack("<H", len(body)) + body for kind, body in ((b"\xe3", where), (b"\xad", who)))
    return tokens + b"\xae\2" + struct.pack("<I", 0) + b"\xff" + b"\xfd" + struct.pack("<HHQ", 0, 0, 0)


class Stand:
    """A server: TLS inside of packets, then one answer to each sign-in and an error to all that follows."""

    def __init__(self, files: tuple[Path, Path], answer: bytes) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.login = b""
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*files)
        self._answer = answer
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Ends the thread, which waits for a connection, by one that says nothing."""
        with socket.create_connection(("127.0.0.1", self.port)):
            self.listener.close()
        self.thread.join(20)

    def _serve(self) -> None:
        while self.listener.fileno() >= 0:
            with contextlib.suppress(OSError), self.listener.accept()[0] as client:
                client.settimeout(2)
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = self._context.wrap_bio(self._in, self._out, server_side=True)
        self._read(client)
        client.sendall(packet(REPLY, prelogin()))
        self._shake_hands(client)
        self.login = self._decrypted(client)
        self._say(client, self._answer)
        while self._decrypted(client):
            self._say(client, refusal(229))

    def _read(self, client: socket.socket) -> bytes:
        head = client.recv(8, socket.MSG_WAITALL)
        if not head:
            raise ConnectionError
        return client.recv(struct.unpack(">H", head[2:4])[0] - 8, socket.MSG_WAITALL)

    def _shake_hands(self, client: socket.socket) -> None:
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                if said := self._out.read():
                    client.sendall(packet(PRELOGIN, said))
                self._in.write(self._read(client))
            else:
                if said := self._out.read():
                    client.sendall(packet(PRELOGIN, said))
                return

    def _decrypted(self, client: socket.socket) -> bytes:
        while True:
            try:
                return self._tls.read(65536)
            except ssl.SSLWantReadError:
                data = client.recv(65536)
                if not data:
                    return b""
                self._in.write(data)

    def _say(self, client: socket.socket, body: bytes) -> None:
        self._tls.write(packet(REPLY, body))
        client.sendall(self._out.read())


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Stand]]:
    made: list[Stand] = []

    def make(host: str = "localhost", answer: bytes = b"") -> Stand:
        files = certificate(tmp_path, host)
        monkeypatch.setattr(database, "authorities", lambda: str(files[0]))
        monkeypatch.setattr(database, "token", lambda *_: "the token")
        monkeypatch.setattr(database, "SECONDS", 1)
        made.append(Stand(files, answer or accepted()))
        return made[-1]

    yield make
    for each in made:
        each.close()


def refused(port: int) -> str:
    """What a connection to a server on this machine ends with."""
    store = FeatureStore("sqlserver", "localhost", port, "features", "app", MARKER, "dbo", Log(), "tenant")
    with pytest.raises(FeatureStoreError) as caught, refusals("a connection"):
        engine(store).connect()
    assert MARKER not in "".join(traceback.format_exception(caught.type, caught.value, caught.tb))
    return str(caught.value)


def test_the_token_goes_to_a_server_whose_certificate_is_known(stand: Callable[..., Stand]) -> None:
    server = stand()
    said = refused(server.port)
    assert said.startswith("the feature store refused a connection: ")
    assert said.endswith(", error 229 (a permission is missing)")  # of the first statement after the sign-in
    assert "the token".encode("utf-16-le") in server.login


def test_a_sign_in_that_is_refused_is_an_error_without_its_text(stand: Callable[..., Stand]) -> None:
    said = refused(stand(answer=refusal(18456)).port)
    assert (
        said
        == "the feature store refused a connection: OperationalError, error 18456 (the service principal may not sign in)"
    )


def test_what_ends_a_sign_in_after_retries_is_named_too(stand: Callable[..., Stand]) -> None:
    said = refused(stand(answer=refusal(40615)).port)
    meaning = "error 40615 (the firewall keeps this address out)"
    assert said == f"the feature store refused a connection: TimeoutError, OperationalError, {meaning}"


def test_a_server_of_another_name_is_told_nothing(stand: Callable[..., Stand]) -> None:
    server = stand(host="sql.example.net")
    assert refused(server.port) == "the feature store refused a connection: Error"
    assert server.login == b""


def test_a_server_of_an_unknown_authority_is_told_nothing(
    stand: Callable[..., Stand], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    server = stand()
    other = certificate(tmp_path_factory.mktemp("other"), "localhost")
    monkeypatch.setattr(database, "authorities", lambda: str(other[0]))
    assert refused(server.port) == "the feature store refused a connection: Error"
    assert server.login == b""


class Driver:
    """Stands in for a connection and cursor of the driver: keeps what it is asked, and says what SQLAlchemy asks of a new server."""

    autocommit = False
    product_version = 0x0C0007D0
    rowcount = -1
    description: Any = None

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self._found: list[tuple[Any, ...]] = []

    def cursor(self) -> Driver:
        return self

    def close(self) -> None:
        """Says nothing."""

    def commit(self) -> None:
        self.asked.append(("COMMIT", None))

    def rollback(self) -> None:
        self.asked.append(("ROLLBACK", None))

    def execute(self, statement: str, parameters: Any = None) -> None:
        if statement.lstrip().startswith("SELECT"):
            answers = {"schema_name": "dbo", "sys.system_views": "sys.dm_exec_sessions", "ISOLATION": "READ COMMITTED"}
            self._found = [(answer,) for word, answer in answers.items() if word in statement]
            self.description = [("c", None, None, None, None, None, None)]
        else:
            self.asked.append((" ".join(statement.split()), parameters))
            self.description = None

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._found

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._found.pop(0) if self._found else None


class Frame:
    """As much of a frame as a plan needs."""

    dtypes: ClassVar = [("as_of", "timestamp"), ("patient_id", "string"), ("value", "double")]


def test_a_window_goes_to_the_driver_in_many_rows_per_statement_and_in_one_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver = Driver()
    rows = [
        {"window_id": WINDOW, "as_of": datetime(2024, 1, 2), "patient_id": f"p{n}", "value": None if n % 2 else 1.0}
        for n in range(1200)
    ]
    monkeypatch.setattr(pytds, "connect", lambda **_: driver)
    monkeypatch.setattr(database, "authorities", lambda: "/ca.pem")
    monkeypatch.setattr(gold_sql, "rows", lambda *_: iter(rows))
    store = FeatureStore("sqlserver", "localhost", 1433, "features", "app", MARKER, "dbo", Log(), "tenant")
    store.replace(WINDOW, cast("Any", {"t": Frame()}))
    begun = next(at for at, (statement, _) in enumerate(driver.asked) if statement.startswith("CREATE"))
    assert [re.sub(r" \(.*", "", statement) for statement, _ in driver.asked[begun:]] == [
        "CREATE TABLE [#stage_t]",
        "COMMIT",
        "INSERT INTO [#stage_t]",
        "INSERT INTO [#stage_t]",
        "COMMIT",
        "INSERT INTO [#stage_t]",
        "COMMIT",
        "CREATE TABLE dbo.t",
        "CREATE INDEX ix_t_patient_id ON dbo.t",
        "DELETE FROM dbo.t WITH",
        "INSERT INTO dbo.t",
        "DROP TABLE [#stage_t]",
        "COMMIT",
        "ROLLBACK",
    ]
    sent = [parameters for statement, parameters in driver.asked if statement.startswith("INSERT INTO [#")]
    assert [len(each) for each in sent] == [2096, 1904, 800]  # the server takes 2,100, two of them the statement's own
    assert [{name: each[f"{name}__{n}"] for name in rows[0]} for each in sent for n in range(len(each) // 4)] == rows
