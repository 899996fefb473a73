"""CSV files as exports write them."""

from __future__ import annotations

import csv
import gzip
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.parsing import RAW
from pipeline.reading import FIELDS, _field, join_lines, match, read_export
from pipeline.schemas import ENCOUNTERS, MEDICATIONS, OBSERVATIONS, PATIENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark

TWO_PATIENTS = "Id,BIRTHDATE,LAST\na,1950-01-01,Müller\nb,1960-01-01,Ng\n"


@pytest.mark.parametrize(
    "content",
    [
        TWO_PATIENTS.encode("utf-8"),
        TWO_PATIENTS.encode("utf-8-sig"),
        TWO_PATIENTS.replace("\n", "\r\n").encode("utf-8"),
        TWO_PATIENTS.rstrip("\n").encode("utf-8"),
        TWO_PATIENTS.replace("\n", "\n\n").encode("utf-8"),
        b"last,extra,ID,birthdate\nM\xc3\xbcller,x,a,1950-01-01\nNg,x,b,1960-01-01\n",
        'Id,BIRTHDATE,LAST,ADDRESS\na,1950-01-01,Müller,"1 Main St\nAnytown"\n"b",1960-01-01,Ng,"say ""hi"", then"\n'.encode(),
        '"LAST","Id","BIRTHDATE","ADDRESS"\n"Müller","a","1950-01-01",""\n"Ng","b","1960-01-01",""\n'.encode(),
        '\ufeffId,BIRTHDATE,LAST,ADDRESS\r\na,1950-01-01,Müller,"1 Main St\r\nAnytown"\r\nb,1960-01-01,Ng,\r\n'.encode(),
    ],
    ids=[
        "plain",
        "byte order mark",
        "CRLF",
        "no last line end",
        "blank lines",
        "other order and case",
        "quoted line end",
        "all fields quoted",
        "quoted CRLF with mark",
    ],
)
def test_finds_the_rows_however_the_file_is_written(
    content: bytes, spark: SparkSession, export: Callable[..., str], rows: Callable[..., object]
) -> None:
    (found,) = read_export(spark, export(patients=content), [PATIENTS])
    assert rows(found.text, "patient_id", "birth_date", "last", "_corrupt") == [
        ("a", "1950-01-01", "Müller", None),
        ("b", "1960-01-01", "Ng", None),
    ]
    assert found.rows == 2


def test_a_quoted_value_may_go_over_the_end_of_a_line(
    spark: SparkSession, export: Callable[..., str], rows: Callable[..., object]
) -> None:
    (found,) = read_export(
        spark, export(patients='Id,BIRTHDATE,ADDRESS\na,1950-01-01,"1 Main St\nAnytown, MA"\n'), [PATIENTS]
    )
    assert rows(found.text, "address") == [("1 Main St\nAnytown, MA",)]


@pytest.mark.parametrize(
    ("lines", "found", "malformed"),
    [
        (['a,1950-01-01,"Ann', "b,1960-01-01,Bo", "c,1970-01-01,Cy"], ["a", "b", "c"], []),
        (['"a,1950-01-01,Ann', "b,1960-01-01,Bo", "c,1970-01-01,Cy"], ["b", "c"], ['"a,1950-01-01,Ann']),
        (['"a,1950-01-01,Ann', "b,1960-01-01,Bo", 'c,1970-01-01,"Cy"'], ["b", "c"], ['"a,1950-01-01,Ann']),
        (['a,1950-01-01,"Ann', 'b,1960-01-01,"Bo', "c,1970-01-01,Cy"], ["a", "b", "c"], []),
        (['a,1950-01-01,"Ann\nMay"', 'b,1960-01-01,5" Bo'], ["a", "b"], []),
        (['a,1950-01-01,"Ann, May,\nLou"', 'b,1960-01-01,"Bo\n\nby"'], ["a", "b"], []),
    ],
    ids=[
        "in the last field",
        "in the first field",
        "before a quoted value",
        "twice",
        "beside a value of two lines",
        "none, but values of several lines",
    ],
)
def test_a_quote_that_nobody_closes_takes_no_other_line_with_it(
    lines: list[str],
    found: list[str],
    malformed: list[str],
    spark: SparkSession,
    export: Callable[..., str],
    rows: Callable[..., list[tuple[object, ...]]],
) -> None:
    (read,) = read_export(spark, export(patients="\n".join(["Id,BIRTHDATE,LAST", *lines, ""])), [PATIENTS])
    assert rows(read.text.where("_corrupt is null"), "patient_id") == [(each,) for each in found]
    assert rows(read.text.where("_corrupt is not null"), "_raw") == [(each,) for each in malformed]
    assert read.rows == len(found) + len(malformed)


def test_a_file_may_be_compressed(spark: SparkSession, export: Callable[..., str], rows: Callable[..., object]) -> None:
    plain = Path(export(patients=TWO_PATIENTS), "patients.csv")
    plain.with_name("patients.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    with pytest.raises(InputError, match=r"patients.csv: there is a .gz file beside it$"):
        read_export(spark, str(plain.parent), [PATIENTS])
    plain.unlink()
    plain.with_name("medications.csv").rename(plain.with_name("medications.csv.gz"))
    with pytest.raises(
        InputError, match=r"medications.csv.gz: .*(not a gzip file|invalid gzip header|unexpected end of file)"
    ):
        read_export(spark, str(plain.parent), [MEDICATIONS])
    (found,) = read_export(spark, str(plain.parent), [PATIENTS])
    assert rows(found.text, "patient_id", "last") == [("a", "Müller"), ("b", "Ng")]
    assert found.rows == 2


def test_says_which_columns_are_missing_and_which_are_left_out(spark: SparkSession, export: Callable[..., str]) -> None:
    (found,) = read_export(spark, export(observations="DATE,PATIENT,CODE,VALUE,UNITS,CATEGORY\n"), [OBSERVATIONS])
    assert found.missing == ("ENCOUNTER", "DESCRIPTION", "TYPE")
    assert found.left_out == ("CATEGORY",)
    assert found.rows == 0


def test_a_record_with_another_number_of_fields_keeps_its_text(
    spark: SparkSession, export: Callable[..., str], rows: Callable[..., object]
) -> None:
    (found,) = read_export(spark, export(patients="Id,BIRTHDATE\na,1950-01-01\nb\nc,1950-01-01,more\n"), [PATIENTS])
    assert rows(found.text, "patient_id", "_corrupt") == [("a", None), (None, "b"), (None, "c,1950-01-01,more")]
    assert found.rows == 3


def test_columns_of_older_exports_go_by_their_older_names(
    spark: SparkSession, export: Callable[..., str], rows: Callable[..., object]
) -> None:
    (found,) = read_export(
        spark,
        export(encounters="ID,DATE,PATIENT,CODE,DESCRIPTION,REASONCODE,REASONDESCRIPTION\ne,2017-01-01,p,1,x,,\n"),
        [ENCOUNTERS],
    )
    assert rows(found.text, "encounter_id", "start", "patient_id") == [("e", "2017-01-01", "p")]


def test_an_older_name_is_left_out_where_that_of_today_is_there() -> None:
    found = match(["DATE", "Id", "START", "PATIENT"], ENCOUNTERS, "encounters.csv")
    assert found.left_out == ("DATE",)
    assert found.fields[1:] == ["encounter_id", "start", "patient_id"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "patients.csv: there is no such file, or it is empty"),
        (b"\n\n", "patients.csv: there is no such file, or it is empty"),
        (b"Id,NAME\na,b\n", "patients.csv: the header lacks BIRTHDATE"),
        (b"812ebb2d,2022-03-31,999-41-2363\n", "patients.csv: the header lacks Id, BIRTHDATE"),
        (
            b"Id;BIRTHDATE\na;1950-01-01\n",
            "patients.csv: the header lacks Id, BIRTHDATE: it is separated by semicolons, and commas are what is read",
        ),
        (b"Id,BIRTHDATE,id\n", "patients.csv: the header names Id twice"),
        (TWO_PATIENTS.encode("latin-1"), "patients.csv: line 2 is not UTF-8 text, 1 of 3 lines are not"),
        (TWO_PATIENTS.encode("utf-16"), "patients.csv: line 1 is not UTF-8 text, 2 of 4 lines are not"),
        (TWO_PATIENTS.encode("utf-16-le"), "patients.csv: line 2 is not UTF-8 text, 1 of 4 lines are not"),
        (b"I\x00d\x00,B\x00\n", "patients.csv: line 1 is not UTF-8 text"),
    ],
)
def test_refuses_a_file_that_is_no_table_and_says_why_and_where(
    content: bytes, message: str, spark: SparkSession, export: Callable[..., str]
) -> None:
    directory = export(patients=content)
    with pytest.raises(InputError) as caught:
        read_export(spark, directory, [PATIENTS])
    assert str(caught.value) == f"{directory}/{message}"


def test_refuses_files_that_are_not_there_all_at_once(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such directory, or nothing in it"):
        read_export(spark, str(tmp_path), [PATIENTS])
    (tmp_path / "other.csv").write_text("Id\n")
    with pytest.raises(InputError) as caught:
        read_export(spark, str(tmp_path), [PATIENTS, ENCOUNTERS])
    assert str(caught.value) == "; ".join(
        f"{tmp_path}/{name}.csv: there is no such file, or it is empty" for name in ("patients", "encounters")
    )


def test_refuses_a_compressed_file_that_is_cut_off(spark: SparkSession, tmp_path: Path) -> None:
    whole = gzip.compress("\n".join(["Id,BIRTHDATE", *(f"{number},1950-01-01" for number in range(100_000))]).encode())
    (tmp_path / "patients.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"patients.csv.gz: .*([Uu]nexpected end of|incomplete deflate)"):
        read_export(spark, str(tmp_path), [PATIENTS])


def test_a_header_that_is_refused_shows_none_of_its_fields() -> None:
    with pytest.raises(InputError) as caught:
        match(["812ebb2d", "Heathcote539"], PATIENTS, "patients.csv")
    assert "Heathcote539" not in str(caught.value)


@pytest.mark.parametrize(
    "row",
    [
        "a,1950-01-01,,x,",
        "a,soon, two ,x,",
        'a,1950-01-01,"1 Main St, Apt 2",x,',
        'a,,"say ""hi""",x,new',
        'a,1950-01-01,"over\ntwo lines",,',
        "a",
        "a,b,c,d,e,f,g",
        '"a',
        "x,y\tz",
    ],
)
def test_the_text_of_a_row_is_kept_as_it_stood(
    row: str, spark: SparkSession, export: Callable[..., str], rows: Callable[..., object]
) -> None:
    (found,) = read_export(spark, export(patients=f"Id,BIRTHDATE,ADDRESS,LAST,LATER\n{row}\n"), [PATIENTS])
    assert rows(found.text, "_raw") == [(row,)]
    assert found.rows == 1


def test_a_directory_whose_name_looks_like_a_pattern_is_read(spark: SparkSession, export: Callable[..., str]) -> None:
    directory = Path(export(patients=TWO_PATIENTS))
    (found,) = read_export(spark, str(directory.rename(directory.with_name("export [a-z]{1} *"))), [PATIENTS])
    assert found.text.count() == found.rows == 2


def test_blank_lines_are_no_rows(spark: SparkSession, export: Callable[..., str]) -> None:
    (found,) = read_export(spark, export(patients="\nId,BIRTHDATE\n\n \n\t\n\x01\na,1950-01-01\n\n"), [PATIENTS])
    assert (found.rows, found.text.count()) == (1, 1)


def test_a_header_of_very_many_columns_ends_in_no_exception(spark: SparkSession, export: Callable[..., str]) -> None:
    many = ",".join(f"c{number}" for number in range(22_000))
    row = "x" * 2 + ",x" * 21_999
    lines = [
        f"Id,{many},BIRTHDATE",
        f"a,{row},1950-01-01",
        f"b,{row},1950-01-01,more",
        f"c,{row}",
        f'd,"{row}',
        f'"e",{row},1950-01-01',
    ]
    (found,) = read_export(spark, export(patients="\n".join([*lines, ""])), [PATIENTS])
    got = [(each.patient_id, each.birth_date) for each in found.text.select("patient_id", "birth_date").collect()]
    assert sorted(got, key=repr) == [("a", "1950-01-01"), ("e", "1950-01-01"), *[(None, None)] * 3]
    assert found.rows == 5


FIELD_TEXT = st.text(st.sampled_from('ab",\n ü€\U0001f600;|\t'), max_size=6)
RECORDS = st.lists(st.lists(FIELD_TEXT, min_size=3, max_size=3), min_size=1, max_size=8)


def written(value: str, *, quoted: bool) -> str:
    """A field as an export writes it."""
    return '"' + value.replace('"', '""') + '"' if quoted or re.search('[",\n]', value) else value


def fields_of(spark: SparkSession, records: list[str]) -> list[list[str] | None]:
    """The fields that the engine finds in each record."""
    frame = spark.createDataFrame(list(enumerate(records)), "number int, value string").selectExpr(
        "number", f"{FIELDS} as fields"
    )
    values = ", ".join(_field(position) for position in range(3))
    found = frame.selectExpr(
        "number", "size(fields) as size", f"if(size(fields) = 3, array({values}), null) as fields"
    ).collect()
    return [each.fields for each in sorted(found)]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=RECORDS, quotes=st.randoms(use_true_random=False))
def test_fields_are_those_that_python_finds(rows: list[list[str]], quotes: Random, spark: SparkSession) -> None:
    texts = [",".join(written(value, quoted=quotes.random() < 0.3) for value in row) for row in rows]
    assert [next(csv.reader(io.StringIO(text, newline=""))) for text in texts] == rows
    assert fields_of(spark, texts) == rows


@settings(max_examples=300, deadline=None)
@given(rows=RECORDS)
def test_lines_that_are_no_whole_records_are_put_together(rows: list[list[str]]) -> None:
    texts = [",".join(written(value, quoted=False) for value in row) for row in rows]
    lines = enumerate("\n".join(texts).split("\n"))
    found = list(join_lines(lines, 3))
    assert "\n".join(found).split("\n") == "\n".join(texts).split("\n")  # whatever happens, no line is lost or moved
    if not any("\n" in text for text in texts):
        assert found == texts


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=st.lists(st.text(st.sampled_from('ab",ü'), min_size=1, max_size=12), min_size=1, max_size=12))
def test_broken_lines_end_no_run_and_none_is_lost(
    lines: list[str], spark: SparkSession, export: Callable[..., str]
) -> None:
    (found,) = read_export(spark, export(patients="\n".join(["Id,BIRTHDATE,LAST", *lines, ""])), [PATIENTS])
    raw = [each[RAW] for each in found.text.select(RAW).collect()]
    assert found.rows == len(raw)
    assert sorted("\n".join(raw).split("\n")) == sorted(lines)
