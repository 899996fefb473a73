"""Secrets in plain sight: keys, tokens and passwords that everybody who reads the JSON can use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from activities_gen.model.values import is_arm, is_dynamic
from activities_gen.rules.context import Context, Text, title
from activities_gen.rules.model import Subject, Violation, quoted, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADVICE = "Put it into Key Vault, refer to it there, and replace the one that has been seen"

_TOKENS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a Databricks token", re.compile(r"\bdapi[0-9a-f]{32}(?:-\d)?\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})")),
    ("an AWS access key", re.compile(r"\bAKIA[0-9A-Z]{16}\b")),
    ("a JSON web token", re.compile(r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{15,}")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{20,}")),
)
_MARKS = ("dapi", "PRIVATE KEY", "gh", "AKIA", "eyJ", "xox")
_ACCOUNT_KEY = re.compile(
    r"(?:AccountKey|SharedAccessKey|SharedSecretValue)\s*=\s*[A-Za-z0-9+/]{40,}={0,2}", re.IGNORECASE
)
_PASSWORD = re.compile(r"(?:^|;)\s*(?:Password|Pwd)\s*=\s*(?!\s|;|$|\*+(?:;|$)|<|\{|@|\[|\$)([^;]+)", re.IGNORECASE)
_USER_INFO = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@'\"]+:(?![{<$*%])([^\s/@?;'\"]{3,})@(?!\{)", re.IGNORECASE)
_SIGNATURE = re.compile(r"[?&]sig=[A-Za-z0-9%+/_-]{30,}", re.IGNORECASE)
_FUNCTION_KEY = re.compile(r"[?&]code=[A-Za-z0-9_\-%+/]{30,}={0,2}", re.IGNORECASE)
_AUTHORIZATION = re.compile(r"(?:(?:Bearer|Basic|token)\s+)?[A-Za-z0-9._~+/-]{12,}=*", re.IGNORECASE)
_IN_EXPRESSION = re.compile(r"'(?:Bearer|Basic|token)\s+[A-Za-z0-9._~+/-]{12,}=*'", re.IGNORECASE)
_FIELD = re.compile(
    r"(?:^|[?&'\"])(?:client_secret|password|api[-_]?key|access_token)=(?![{<$*])[^&;\s'\"@{}<>]{8,}", re.IGNORECASE
)
_PLACEHOLDER = re.compile(
    r"\bx{3,}\b|x{8,}|\*{3,}|\.{3,}|<[^>]*>|\{\{|\$[({]|%\w+%|\b__\w+__|changeme|your[-_ ]|placeholder|secret[-_ ]?name"
    r"|\A\s*(?:my|your)?(?:password|pwd)\s*\Z",
    re.IGNORECASE,
)
"""What stands in for a secret: a row of crosses, a token of a template, the word itself."""
_SECRET_KEYS = frozenset(
    [
        "password",
        "pfx",
        "accesstoken",
        "accountkey",
        "sastoken",
        "serviceprincipalkey",
        "secret",
        "clientsecret",
        "client_secret",
        "access_token",
        "passphrase",
        "secretaccesskey",
        "sharedaccesskey",
        "functionkey",
        "apikey",
        "x-api-key",
        "api-key",
        "ocp-apim-subscription-key",
        "x-functions-key",
        "subscription-key",
    ]
)


def _literals(context: Context) -> list[Text]:
    """The strings that may hold a secret: long enough, and no ARM expression."""
    found: list[Text] = context.once("literals", lambda: list(_find_literals(context)))
    return found


def _find_literals(context: Context) -> Iterator[Text]:
    return (text for text in context.texts if len(text.value) >= 12 and not is_arm(text.value))


def _where(text: Text) -> str:
    owner = f"{title(text.owner)} has" if text.owner else "There is"
    return f"{owner} in '{'.'.join(str(step) for step in text.path[-2:])}'"


def _mark(text: Text, what: str) -> Violation:
    return Violation(f"{_where(text)} {what} in clear text. {_ADVICE}.", text.path)


@rule("ADF801", on=Subject.RESOURCE)
def account_key(context: Context) -> Iterator[Violation]:
    """A key inside a connection string."""
    for text in _literals(context):
        match = _ACCOUNT_KEY.search(text.value) if "=" in text.value else None
        if match and not _PLACEHOLDER.search(match.group()):
            yield _mark(text, "the key of an account")


@rule("ADF802", on=Subject.RESOURCE)
def shared_access_signature(context: Context) -> Iterator[Violation]:
    """A signature in an address, of storage or of a Logic App."""
    for text in _literals(context):
        if "sig=" in text.value and _SIGNATURE.search(text.value) and not _PLACEHOLDER.search(text.value):
            yield _mark(text, "a shared access signature")


@rule("ADF803", on=Subject.RESOURCE)
def connection_password(context: Context) -> Iterator[Violation]:
    """``Password=…`` or ``https://user:password@…`` with something that is no placeholder."""
    for text in _literals(context):
        match = _PASSWORD.search(text.value) if "=" in text.value and ";" in text.value else None
        match = match or (_USER_INFO.search(text.value) if "://" in text.value and "@" in text.value else None)
        if match and not _PLACEHOLDER.search(match.group(1)) and "@{" not in match.group(1):
            yield _mark(text, "a password")


@rule("ADF804", on=Subject.RESOURCE)
def token(context: Context) -> Iterator[Violation]:
    """A string of the shape of a well-known kind of token."""
    for text in _literals(context):
        if any(mark in text.value for mark in _MARKS):
            what = next((noun for noun, pattern in _TOKENS if pattern.search(text.value)), "")
            if what:
                yield _mark(text, what)


@rule("ADF805")
def authorization_header(context: Context) -> Iterator[Violation]:
    """A literal Authorization header, or one in the text of an expression."""
    for text in _literals(context):
        if _key(text) != "authorization" or _PLACEHOLDER.search(text.value):
            continue
        pattern, value = (
            (_IN_EXPRESSION.search, text.value)
            if is_dynamic(text.value)
            else (_AUTHORIZATION.fullmatch, text.value.strip())
        )
        if pattern(value):
            yield _mark(text, "credentials")


@rule("ADF806", on=Subject.RESOURCE)
def function_key(context: Context) -> Iterator[Violation]:
    """A long literal ``code`` in an address."""
    for text in _literals(context):
        if "code=" in text.value and _FUNCTION_KEY.search(text.value):
            yield _mark(text, "the key of a function")


@rule("ADF807", on=Subject.RESOURCE)
def literal_secret(context: Context) -> Iterator[Violation]:
    """A plain text, a SecureString or a default under such a key, or a field of a form or an address."""
    for text in context.texts:
        field = "=" in text.value and _FIELD.search(text.value)
        if not field and (_key(text) not in _SECRET_KEYS or text.link[1] == "type" or is_dynamic(text.value)):
            continue
        if text.value.strip() and not _PLACEHOLDER.search(text.value) and not is_arm(text.value):
            yield _mark(text, "a secret")


def _key(text: Text) -> str:
    """The key that a text stands under, in lower case, seen through SecureString and Expression objects and declarations."""
    link, last = text.link
    outer = link[1] if last in ("value", "defaultValue") and link is not None else last
    return str(outer).casefold()


@rule("ADF808", on=Subject.RESOURCE)
def secure_default(context: Context) -> Iterator[Violation]:
    """A default that is not empty on a parameter of type SecureString."""
    for name, declared in context.parameters.items():
        value = declared.get("defaultValue") if isinstance(declared, dict) else None
        secure = isinstance(declared, dict) and str(declared.get("type", "")).casefold() == "securestring"
        if secure and isinstance(value, str) and value.strip() and not is_dynamic(value):
            yield Violation(
                f"The parameter {quoted(name)} is a SecureString and has a default in clear text. Delete the default.",
                ("properties", "parameters", name),
            )
