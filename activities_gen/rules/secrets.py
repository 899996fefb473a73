"""Secrets in plain sight: keys, tokens and passwords that everybody who reads the JSON can use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from activities_gen.model.types import EXECUTION
from activities_gen.model.values import is_arm, is_dynamic
from activities_gen.rules.context import Context, Text, lookup, title
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.scoping import read
from activities_gen.rules.subjects import each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from activities_gen.model.activities import Activity

Test = TypeVar("Test", bound="Callable[[Text], bool]")

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


def _clear(text: Text, what: str) -> Violation:
    return Violation(f"{_where(text)} {what} in clear text. {_ADVICE}.", text.path)


def _secret(code: str, what: str, of: Subject = Subject.RESOURCE) -> Callable[[Test], Test]:
    """Register the decorated test as a rule: a string that passes it is ``what`` in clear text."""

    def register(test: Test) -> Test:
        def check(_: Context, text: Text) -> Iterator[Violation]:
            if test(text):
                yield _clear(text, what)

        rule(code, on=each(_literals, of=of))(check)
        return test

    return register


@_secret("ADF801", "the key of an account")
def _account_key(text: Text) -> bool:
    """Whether a key is inside a connection string."""
    match = _ACCOUNT_KEY.search(text.value) if "=" in text.value else None
    return match is not None and not _PLACEHOLDER.search(match.group())


@_secret("ADF802", "a shared access signature")
def _shared_access_signature(text: Text) -> bool:
    """Whether a signature is in an address, of storage or of a Logic App."""
    return "sig=" in text.value and bool(_SIGNATURE.search(text.value)) and not _PLACEHOLDER.search(text.value)


@_secret("ADF803", "a password")
def _connection_password(text: Text) -> bool:
    """Whether ``Password=…`` or ``https://user:password@…`` has something that is not a placeholder."""
    match = _PASSWORD.search(text.value) if "=" in text.value and ";" in text.value else None
    match = match or (_USER_INFO.search(text.value) if "://" in text.value and "@" in text.value else None)
    return match is not None and not _PLACEHOLDER.search(match.group(1)) and "@{" not in match.group(1)


@rule("ADF804", on=each(_literals, of=Subject.RESOURCE))
def token(_: Context, text: Text) -> Iterator[Violation]:
    """A string of the shape of a well-known kind of token."""
    if any(mark in text.value for mark in _MARKS):
        what = next((noun for noun, pattern in _TOKENS if pattern.search(text.value)), "")
        if what:
            yield _clear(text, what)


@_secret("ADF805", "credentials", of=Subject.PIPELINE)
def _authorization_header(text: Text) -> bool:
    """Whether it is an Authorization header, as it is or in the text of an expression."""
    if _key(text) != "authorization" or _PLACEHOLDER.search(text.value):
        return False
    found = (
        _IN_EXPRESSION.search(text.value) if is_dynamic(text.value) else _AUTHORIZATION.fullmatch(text.value.strip())
    )
    return found is not None


@_secret("ADF806", "the key of a function")
def _function_key(text: Text) -> bool:
    """Whether a long ``code`` is in an address."""
    return "code=" in text.value and bool(_FUNCTION_KEY.search(text.value))


@rule("ADF807", on=each(lambda context: context.texts, of=Subject.RESOURCE))
def literal_secret(_: Context, text: Text) -> Iterator[Violation]:
    """A plain text, a SecureString or a default under such a key, or a field of a form or an address."""
    field = "=" in text.value and _FIELD.search(text.value)
    if not field and (_key(text) not in _SECRET_KEYS or text.link[1] == "type" or is_dynamic(text.value)):
        return
    if text.value.strip() and not _PLACEHOLDER.search(text.value) and not is_arm(text.value):
        yield _clear(text, "a secret")


def _key(text: Text) -> str:
    """The key that a text stands under, in lower case, seen through SecureString and Expression objects and declarations."""
    link, last = text.link
    outer = link[1] if last in ("value", "defaultValue") and link is not None else last
    return str(outer).casefold()


@rule("ADF808", on=each(lambda context: context.parameters.items(), of=Subject.RESOURCE))
def secure_default(_: Context, name: str, declared: Any) -> Iterator[Violation]:
    """A default that is not empty on a parameter of type SecureString."""
    value = declared.get("defaultValue") if isinstance(declared, dict) else None
    if _is_secure(declared) and isinstance(value, str) and value.strip() and not is_dynamic(value):
        yield Violation(
            f"The parameter {quoted(name)} is a SecureString and has a default in clear text. Delete the default.",
            ("properties", "parameters", name),
        )


def _is_secure(declared: Any) -> bool:
    """Whether a parameter is declared as a SecureString."""
    return isinstance(declared, dict) and str(declared.get("type", "")).casefold() == "securestring"


_HIDES_INPUT = EXECUTION | {"ExecutePipeline", "SetVariable", "WebHook"}
"""The activity types whose policy has ``secureInput``."""


def _shown(context: Context) -> Iterator[tuple[Activity, str]]:
    """The activities whose input shows a SecureString parameter, each once with the parameter's name."""
    if not any(map(_is_secure, context.parameters.values())):
        return
    seen = set()
    for found, reference in read(context, "parameter"):
        node = found.owner
        key = id(node), reference.name.casefold()
        if node is None or key in seen or node.type not in _HIDES_INPUT:
            continue
        policy = node.json.get("policy")
        hidden = policy.get("secureInput") if isinstance(policy, dict) else None
        if _is_secure(lookup(context.parameters, reference.name)) and hidden in (None, False):
            seen.add(key)
            yield node, reference.name


@rule("ADF809", on=each(_shown))
def shown_secret(_: Context, node: Activity, name: str) -> Iterator[Violation]:
    """A SecureString parameter in the input of an activity that is not hidden."""
    yield Violation(
        f"{title(node)} gets the SecureString parameter {quoted(name)}, and its runs show it in clear text. Add \"secureInput\": true to its 'policy'.",
        (*node.path, "policy") if "policy" in node.json else node.path,
    )
