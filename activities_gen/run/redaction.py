"""What must not be shown: secure inputs and outputs, and values of type SecureString."""

from __future__ import annotations

import base64
import json
import re
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from activities_gen.run.bounds import MASK
from activities_gen.run.parameters import secure_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.run.state import ActivityRun, PipelineRun

SHORT = 4
"""A shorter secret is masked where it stands alone, not inside of words."""


class Secrets:
    """The secrets of one run, and their mask.

    It is an observer of the engine: what a secure activity was given or gave is a secret from then on.
    """

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._learned: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()  # logs are masked by a thread each

    def add(self, value: Any) -> None:
        """Take every text and number in a JSON value for a secret, also in the forms it takes in JSON, URLs and Base64."""
        fresh = {form for leaf in _leaves(value) for form in _forms(leaf) if form.strip()}
        with self._lock:
            if not fresh <= self._values:
                self._values |= fresh
                self._pattern = None

    def changed(self, run: ActivityRun, what: str) -> None:
        """Learn from a secure activity what is secret, and from the run of a pipeline its secret parameters."""
        self.learn(run.scope.pipeline)
        self.learn(run.child)
        policy = run.activity.policy
        if policy.get("secureInput") is True and what not in ("started", "queued"):
            variable = run.activity.type == "SetVariable" and isinstance(run.input, dict)
            self.add(run.input["value"] if variable else _evaluated(run.input, run.activity.type_properties))
        if policy.get("secureOutput") is True and run.output is not None:
            self.add(run.output)

    def learn(self, pipeline: PipelineRun | None) -> None:
        """Take the values of a run's parameters of type SecureString for secrets."""
        if pipeline is not None and pipeline.id not in self._learned:
            self._learned.add(pipeline.id)
            names = secure_names(pipeline.model.parameters)
            self.add([value for name, value in pipeline.parameters.items() if name in names])

    def mask(self, text: str) -> str:
        """``text`` with every secret in it masked."""
        if not self._values:
            return text
        if self._pattern is None:
            self._pattern = re.compile(
                "|".join(map(_pattern, sorted(self._values, key=lambda value: (-len(value), value))))
            )
        return self._pattern.sub(MASK, text)

    def mask_value(self, value: Any) -> Any:
        """A JSON value with every secret in it masked, in keys too."""
        if not self._values:
            return value
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {self.mask(key): self.mask_value(member) for key, member in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.mask_value(member) for member in value]
        if isinstance(value, (int, float)) and not isinstance(value, bool) and str(value) in self._values:
            return MASK
        return value


def _pattern(secret: str) -> str:
    escaped = re.escape(secret)
    return escaped if len(secret) >= SHORT else rf"(?<!\w){escaped}(?!\w)"


def _leaves(value: Any) -> Iterator[str]:
    """The texts and numbers in a JSON value; each line of a text is one too, for logs come in lines."""
    if isinstance(value, dict):
        for member in value.values():
            yield from _leaves(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from _leaves(member)
    elif isinstance(value, str):
        yield value
        yield from (line for line in value.splitlines() if len(line) >= SHORT)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield str(value)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    if len(secret) < SHORT:
        return
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode()


def _evaluated(value: Any, raw: Any) -> Any:
    """The parts of an evaluated value that are not written so in the document."""
    if isinstance(value, dict) and isinstance(raw, dict):
        if raw.get("type") == "Expression" and "value" in raw:
            return value
        return [_evaluated(member, raw.get(key)) for key, member in value.items()]
    if isinstance(value, list) and isinstance(raw, list) and len(value) == len(raw):
        return [_evaluated(member, before) for member, before in zip(value, raw, strict=True)]
    return None if value == raw else value
