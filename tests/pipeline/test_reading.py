"""CSV files as exports write them."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import InputError
from pipeline.reading import match, read_export
from pipeline.schemas import ENCOUNTERS, MEDICATIONS, OBSERVATIONS, PATIENTS

if TYPE_CHECKING:
    from collections.abc import Callable

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
    with pytest.raises(InputError, match=r"medications.csv.gz: java.io.IOException: not a gzip file$"):
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
    assert rows(found.text, "patient_id", "_corrupt") == [("a", None), ("b", "b"), ("c", "c,1950-01-01,more")]
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
        (b"", "patients.csv: the file is empty, not even a header is there"),
        (b"\n\n", "patients.csv: the file is empty, not even a header is there"),
        (b"Id,NAME\na,b\n", "patients.csv: the header lacks BIRTHDATE"),
        (b"812ebb2d,2022-03-31,999-41-2363\n", "patients.csv: the header lacks Id, BIRTHDATE"),
        (
            b"Id;BIRTHDATE\na;1950-01-01\n",
            "patients.csv: the header lacks Id, BIRTHDATE: it is separated by semicolons, and commas are what is read",
        ),
        (b"Id,BIRTHDATE,id\n", "patients.csv: the header names Id twice"),
        (TWO_PATIENTS.encode("latin-1"), "patients.csv: line 2 is not UTF-8 text, 1 of 3 lines are not"),
        (TWO_PATIENTS.encode("utf-16"), "patients.csv: line 1 is not UTF-8 text"),
        (TWO_PATIENTS.encode("utf-16-le"), "patients.csv: line 1 is not UTF-8 text"),
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
    with pytest.raises(InputError) as caught:
        read_export(spark, str(tmp_path), [PATIENTS, ENCOUNTERS])
    assert str(caught.value) == "; ".join(
        f"{tmp_path}/{name}.csv: there is no such file" for name in ("patients", "encounters")
    )


def test_refuses_a_compressed_file_that_is_cut_off(spark: SparkSession, tmp_path: Path) -> None:
    whole = gzip.compress("\n".join(["Id,BIRTHDATE", *(f"{number},1950-01-01" for number in range(100_000))]).encode())
    (tmp_path / "patients.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"patients.csv.gz: java.io.EOFException: Unexpected end of input stream$"):
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
