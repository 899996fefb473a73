"""The strings of ARM templates: what is constant is resolved, everything else stays."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.wire.arm import expressions, own_name, resolved
from activities_gen.wire.document import parse


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Plain", "Plain"),
        ("factory/Plain", "Plain"),
        ("[concat(parameters('factoryName'), '/P')]", "P"),
        ("[concat(parameters('f'),'/My pipe')]", "My pipe"),
        ("[concat(parameters('f'), '/It''s')]", "It's"),
        ("[concat(parameters('f'), '/a', variables('b'))]", "[concat(parameters('f'), '/a', variables('b'))]"),
        ("[variables('name')]", "[variables('name')]"),
    ],
)
def test_a_name_is_without_its_factory(name: str, own: str) -> None:
    assert own_name(name) == own


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[[dbo].[visits]", "[dbo].[visits]"),
        ("[['a']]", "['a']]"),
        ("['it''s']", "it's"),
        ("[concat('a', 'b')]", "ab"),
        ("[ concat( 'a' ) ]", "a"),
        ("[concat('a', parameters('b'))]", "[concat('a', parameters('b'))]"),
        ("[parameters('x')]", "[parameters('x')]"),
        ("[dbo].[visits]", "[dbo].[visits]"),
        ("[[no end", "[[no end"),
        ("plain", "plain"),
    ],
)
def test_constant_strings_are_resolved(text: str, value: str) -> None:
    assert resolved(text) == value
    assert resolved({"a": [1, {"b": text}, None]}) == {"a": [1, {"b": value}, None]}


def test_what_needs_no_change_is_the_same_object() -> None:
    value = {"a": [1, {"b": "x"}]}
    assert resolved(value) is value


def test_the_expressions_that_stay_are_told_with_their_places() -> None:
    value = {"a": "[parameters('x')]", "b": ["[dbo].[visits]", "[[y]", "[variables('z')]"]}
    assert expressions(value) == [("[parameters('x')]", ("a",)), ("[variables('z')]", ("b", 1 + 1))]


def resource(name: str, text: str, **more: Any) -> dict[str, Any]:
    activities = [{"name": "Read", "type": "Lookup", "typeProperties": {"source": {"query": text}}}]
    return {
        "name": name,
        "type": "Microsoft.DataFactory/factories/pipelines",
        "properties": {"activities": activities},
        **more,
    }


@pytest.mark.parametrize(
    ("value", "name", "query"),
    [
        ({"resources": [resource("[concat(parameters('f'), '/P')]", "[[dbo].[v]")]}, "P", "[dbo].[v]"),
        (resource("f/P", "[[dbo].[v]", apiVersion="2018-06-01"), "P", "[dbo].[v]"),
        (resource("P", "[[dbo].[v]", id="/subscriptions/0"), "P", "[[dbo].[v]"),  # an answer of the REST interface
        ({**resource("P", "[[dbo].[v]"), "type": ""}, "P", "[[dbo].[v]"),  # ADF's git form
    ],
    ids=["template", "resource of one", "answer", "git"],
)
def test_only_a_template_has_escapes(value: Any, name: str, query: str) -> None:
    [document], _ = parse(json.dumps(value), "p.json")
    assert document.name == name
    assert document.activities[0]["typeProperties"]["source"]["query"] == query
