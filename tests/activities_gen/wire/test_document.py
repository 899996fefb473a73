"""The forms in which people hold pipelines are read, and what is no JSON says where and why."""

from __future__ import annotations

import json

import pytest

from activities_gen.wire.document import Kind, parse
from activities_gen.wire.json_text import MAX_DEPTH

PIPELINE = {"name": "p", "properties": {"activities": [{"name": "A", "type": "Wait"}]}}
TRIGGER = {"name": "t", "properties": {"type": "ScheduleTrigger", "typeProperties": {}}}
ARM = {"$schema": "x", "resources": [{"name": "[concat('f', '/p')]", "type": "Microsoft.DataFactory/factories/pipelines", "properties": PIPELINE["properties"]}]}  # fmt: skip


def read(value, file="pipeline.json"):
    documents, findings = parse(value if isinstance(value, (str, bytes)) else json.dumps(value), file)
    return [(one.kind, one.name, len(one.activities)) for one in documents], [
        f"{one.location} {one.code} {one.message}" for one in findings
    ]


@pytest.mark.parametrize(
    ("value", "file", "expected"),
    [
        (PIPELINE, "pipeline.json", [(Kind.PIPELINE, "p", 1)]),
        (PIPELINE["properties"]["activities"], "activities.json", [(Kind.PIPELINE, "", 1)]),
        ([], "activities.json", [(Kind.PIPELINE, "", 0)]),
        ([PIPELINE, TRIGGER], "all.json", [(Kind.PIPELINE, "p", 1), (Kind.TRIGGER, "t", 0)]),
        ({"value": [PIPELINE, PIPELINE]}, "answer.json", [(Kind.PIPELINE, "p", 1)] * 2),
        ({"name": "p", "activities": []}, "shown.json", [(Kind.PIPELINE, "p", 0)]),
        (ARM, "template.json", [(Kind.PIPELINE, "p", 1)]),
        ({**ARM, "languageVersion": "2.0", "resources": {"load": ARM["resources"][0]}}, "t.json", [(Kind.PIPELINE, "p", 1)]),
        ({"resources": {"inner": {"type": "Microsoft.Resources/deployments", "properties": {"template": {"resources": {"p": ARM["resources"][0]}}}}}}, "t.json", [(Kind.PIPELINE, "p", 1)]),
        ({"resources": [{"type": "Microsoft.Resources/deployments", "properties": {"template": ARM}}]}, "t.json", [(Kind.PIPELINE, "p", 1)]),
        (TRIGGER, "trigger.json", [(Kind.TRIGGER, "t", 0)]),
        ({"name": "d", "properties": {"type": "Json"}}, "dataset/d.json", [(Kind.DATASET, "d", 0)]),
        ({"name": "l", "properties": {"type": "AzureSqlDatabase"}}, "linkedService/l.json", [(Kind.LINKED_SERVICE, "l", 0)]),
        ({"name": "f", "properties": {"type": "MappingDataFlow"}}, "f.json", [(Kind.DATA_FLOW, "f", 0)]),
        ({"name": 5, "properties": {"activities": None}}, "pipeline.json", [(Kind.PIPELINE, "", 0)]),
    ],
)  # fmt: skip
def test_every_form_is_read(value, file, expected):
    assert read(value, file) == (expected, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_encoding_is_read(encoding):
    assert read(json.dumps(PIPELINE).encode(encoding)) == ([(Kind.PIPELINE, "p", 1)], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1 The file is empty."),
        (" \n", "1:1 The file is empty."),
        ('{"a": 1,}', "1:8 A comma stands before a closing bracket. Delete it."),
        ("[1,\n]", "1:3 A comma stands before a closing bracket. Delete it."),
        ('{\n  // why\n  "a": 1}', "2:3 JSON has no comments. Delete it."),
        ('{"a": 1, /* why */ "b": 2}', "1:10 JSON has no comments. Delete it."),
        ('{"a": 1 # why\n}', "1:9 JSON has no comments. Delete it."),
        ("{'a': 1}", "1:2 JSON strings stand in double quotes."),
        ('{"a": \'x\'}', "1:7 JSON strings stand in double quotes."),
        ('{"a": \u201cx\u201d}', '1:7 JSON strings stand in straight double quotes: ".'),
        ('{"a": NaN}', "1:7 'NaN' is not JSON."),
        ('{"NaN": "NaN", "a": NaN, "b": "NaN"}', "1:21 'NaN' is not JSON."),
        ('{"a":\n -Infinity}', "2:2 '-Infinity' is not JSON."),
        ('{"a": 1e999}', "1:7 The number 1e999 is larger than any that ADF can hold."),
        ('{"a": True}', "1:7 JSON writes true, false and null."),
        ('{"a": undefined}', "1:7 JSON writes true, false and null."),
        ('{"a": 1', "1:8 The file ends before the '{' of line 1, column 1 is closed."),
        ('{"a": [1, 2\n', "1:12 The file ends before the '[' of line 1, column 7 is closed."),
        ('{"a":', "1:6 The file ends before the '{' of line 1, column 1 is closed."),
        ('{"a": "x}\n', "1:10 A line ends inside a string. Its closing quote is missing; or write the break as \\n."),
        ('{"a": "x}', "1:7 The string that begins here has no closing quote."),
        ('{"a": "x\ty"}', "1:9 The control character U+0009 stands in a string. Write it as \\t."),
        ('{"a": "x\x01"}', "1:9 The control character U+0001 stands in a string. Write it as \\u0001."),
        ('{"a": "C:\\data"}', "1:10 A backslash begins an escape, and JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits only. Write a backslash itself as \\\\."),
        ('{"a": 1\n "b": 2}', "2:2 A comma is missing before this."),
        ('{"a" 1}', "1:6 A colon is missing between a key and its value."),
        ('{a: 1}', "1:2 A key is expected here, in double quotes."),
        ('[1,,2]', "1:4 A value is expected here, not ','."),
        ('[01]', "1:3 A number has no zeros before it."),
        ('[+1]', "1:2 A number begins with a digit or a minus sign."),
        ('[x]', "1:2 A value is expected here."),
        ('{}\n{}', "2:1 The JSON ends before this: a file holds one value. Delete the rest, or put all of it in a list."),
        ('{\u00a0"a": 1}', "1:2 The character U+00A0 stands where JSON has no text. Delete it."),
        ('<html>', "1:1 This is XML or HTML, not JSON."),
        ('{\n<<<<<<< HEAD\n"a": 1}', "2:1 A merge conflict is not resolved."),
        ('{\r\n\t"\U0001f600é": 1,\r\n\t"b": x}', "3:7 A value is expected here."),
        ("5", "1:1 No pipeline, trigger or other ADF resource in it: expected an object with 'properties', a list of activities, or an ARM template."),
    ],
)  # fmt: skip
def test_what_is_no_json_says_where_and_why(text, expected):
    documents, findings = parse(text, "p.json")

    assert documents == []
    assert [f"{one.location.line}:{one.location.column} {one.message}" for one in findings] == [expected]


TERRAFORM = "is a placeholder that Terraform's templatefile() fills in: this is a template, and no JSON yet. Check what it renders."
RELEASE = (
    "is a placeholder that a release pipeline fills in: this is a template, and no JSON yet. Check what it renders."
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": ${seconds}}', f"1:7 '${{seconds}}' {TERRAFORM}"),
        ("[\n  ${jsonencode(first)},\n  1\n]", f"2:3 '${{jsonencode(first)}}' {TERRAFORM}"),
        ("[1\n%{ for name in names ~}\n, 2]", f"2:1 '%{{ for name in names ~}}' {TERRAFORM}"),
        ("{${key}: 1}", f"1:2 '${{key}}' {TERRAFORM}"),
        ('{"a": "x/${paths["raw"]}/y"}', f"1:10 '${{paths[\"raw\"]}}' {TERRAFORM}"),
        ('{"a": #{seconds}#}', f"1:7 '#{{seconds}}#' {RELEASE}"),
        ('{"a": 1 #{ why\n}', "1:9 JSON has no comments. Delete it."),
        ('{"a": "${name}" "b"}', "1:17 A comma is missing before this."),
        ('{"a": $1}', "1:7 A value is expected here."),
    ],
)
def test_a_placeholder_without_quotes_is_named(text: str, said: str) -> None:
    _, findings = parse(text, "a.json")
    assert [f"{found.location.line}:{found.location.column} {found.message}" for found in findings] == [said]


COMMENT = "JSON has no comments. Delete it."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[ // é, ]\r\n /* \n */ 1, ] // 🎉",
            [
                f"1:3 {COMMENT}",
                f"2:2 {COMMENT}",
                "3:6 A comma stands before a closing bracket. Delete it.",
                f"3:10 {COMMENT}",
            ],
        ),
        ("[1, // why\n 2 3]", [f"1:5 {COMMENT}", "2:4 A comma is missing before this."]),
        (
            "[1, /* why",
            [f"1:5 {COMMENT}", "1:4 The file ends before the '[' of line 1, column 1 is closed."],
        ),
        ("[" + "\n0, # x" * 99 + "1]", [f"{line}:4 {COMMENT}" for line in range(2, 22)]),
    ],
    ids=["all", "up to another mistake", "an open one", "at most twenty"],
)
def test_comments_and_commas_too_many_are_named_in_one_go(text, expected):
    _, findings = parse(text, "p.json")
    assert [f"{one.location.line}:{one.location.column} {one.message}" for one in findings] == expected


def test_every_word_and_number_that_is_not_taken_is_reported_and_what_follows_too():
    assert read('{"a": [NaN, 1e999],\n "b": NaN,}', "p.json")[1] == [
        "p.json:1:8 ADF001 'NaN' is not JSON.",
        "p.json:1:13 ADF001 The number 1e999 is larger than any that ADF can hold.",
        "p.json:2:7 ADF001 'NaN' is not JSON.",
        "p.json:2:10 ADF001 A comma stands before a closing bracket. Delete it.",
    ]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{\n"\xc3\xa9a": "\xe9"}', "p.json:2:8"),
        (b"\xef\xbb\xbf\xe9", "p.json:1:1"),
        ('{"a": "b"}'.encode("utf-16-le") + b"\x00", "p.json:1:11"),
    ],
)
def test_bytes_that_are_no_text(content, place):
    assert read(content, "p.json") == (
        [],
        [f"{place} ADF001 The file is neither UTF-8 nor UTF-16 from here on. Save it as UTF-8."],
    )


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
@pytest.mark.parametrize("pair", ["[]", '{"a":}'])
def test_nesting_has_a_limit(depth, pair):
    begin, end = pair[:-1], pair[-1]

    assert read(begin * depth + "1" + end * depth, "p.json") == (
        [],
        [f"p.json:1:{MAX_DEPTH * len(begin) + 1} ADF001 Lists and objects are nested deeper than {MAX_DEPTH}."],
    )


def test_a_key_that_stands_twice():
    documents, findings = parse('{"name": "p",\n "properties": {"activities": []},\n "name": "name"}', "p.json")

    assert [one.name for one in documents] == ["name"]
    assert [f"{one.location} {one.code} {one.message}" for one in findings] == [
        "p.json:3:2 ADF002 The key 'name' stands in this object before, in line 1; the last one wins. Delete the other."
    ]


def test_each_key_that_stands_again_is_reported_in_its_own_object():
    _, findings = parse('[{"a": 1, "\\u0061": {"b": 1,\n"b": 2}}, {"a": 3, "a": 4}]', "p.json")

    assert [str(one.location) for one in findings] == ["p.json:1:11", "p.json:2:1", "p.json:2:20"]


def test_places_in_a_document_are_those_in_its_file():
    text = '[\n  {"name": "A"},\n  {"name": "B"}\n]'
    [document], _ = parse(text, "activities.json")

    assert str(document.locate(("properties", "activities", 1, "name"))) == "activities.json:3:4"
