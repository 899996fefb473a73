"""What may stand in a column: types, value sets and code systems, each as SQL that gives the value or null.

A text that fits none of them may be anybody's name, so no column with free text leaves the bronze zone. Check digits are computed, so
that a telephone number is no code of SNOMED CT or LOINC.

The expressions are SQL, because each call of a column function is a call into the engine: a table of 24 columns took thousands of them.
They are of the kind that all engines answer alike; docs/decisions/011-spark-connect-and-sail.md has the list of what is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyspark.sql import types as T

if TYPE_CHECKING:
    from collections.abc import Mapping

BLANKS = ("", "null", "n/a", "nan", "none")
"""What exports write for a value that is not there, in lower case. Names and values in words keep theirs: people are called Null."""

END = r"\\z"  # Java's $ also stands before a last line end, and Sail's does not
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?"
_INSTANT = f"^{_DAY}([T ]{_CLOCK}(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)?)?{END}"
_NUMBER = f"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?{END}"
"""What a value must look like before Spark casts it: Spark's own casts also take a year alone, a time alone and `NaN`."""


@dataclass(frozen=True)
class Kind:
    """What may stand in a column.

    Attributes:
        noun: What a value is, for the reason why one is not.
        sql: SQL for the value, in which `{0}` is the trimmed text or null, and `{1}` the helper; it gives null for a text that does not fit.
        helper: SQL for what is to be computed once of the text, `{0}`.
        type: The type of the value.
        strict: Whether a row with a value that does not fit is quarantined; else the value becomes null, unless it is required.
        dated: Whether the value must be within the plausible dates of the run.
        blanks: Texts, in lower case, that say that there is no value.
    """

    noun: str
    sql: str
    helper: str = "null"
    type: T.DataType = field(default_factory=T.StringType)
    strict: bool = False
    dated: bool = False
    blanks: tuple[str, ...] = BLANKS


def value_set(noun: str, words: Mapping[str, str]) -> Kind:
    """Returns the kind of a value set: from each spelling in lower case to the value that it stands for."""
    cases = " ".join(f"when '{spelling}' then '{value}'" for spelling, value in words.items())
    return Kind(noun, f"case lower({{0}}) {cases} end")


def pattern(noun: str, regex: str, *, also: str = "true", words: tuple[str, ...] = (), helper: str = "null") -> Kind:
    """Returns the kind of texts that a pattern describes as a whole and that pass a further check in SQL, or that are among some words."""
    braces = f"^({regex}){END}".replace("{", "{{").replace("}", "}}")
    known = ", ".join(f"'{word}'" for word in ("", *words))
    fits = f"case when {{0}} in ({known}) then true when {{0}} rlike '{braces}' then {also} end"
    return Kind(noun, f"case when {fits} then {{0}} end", helper)


VERHOEFF = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)
"""What becomes of a digit at each place from the right, modulo 8."""

PERMUTED = "concat({})".format(
    ", ".join(
        f"translate(substring(lpad({{0}}, 18, 'x'), {18 - place}, 1), '0123456789x', '{VERHOEFF[place % 8]}0')"
        for place in range(18)
    )
)
"""SQL for Verhoeff's permuted digits of a text of up to 18, from the right."""


def _verhoeff(permuted: str) -> str:
    """Returns SQL for whether the product of permuted digits in the dihedral group D5 is one, so that the check digit is right.

    A digit below 5 is a rotation, one from 5 on a reflection. After each reflection the rotations go the other way, so the digits are taken
    apart into those that go forth and those that go back. Written as it is defined, as 18 steps inside of one another, Sail takes minutes
    to plan it.
    """
    keeping = {1: "02345789", 2: "01345689", 3: "01245679", 4: "01235678"}

    def turns(group: int) -> str:
        runs = f"regexp_replace({permuted}, '([0-4]*[5-9]|[0-4]+)([0-4]*[5-9]?)', '${group}')"
        return " + ".join(f"{by} * length(translate({runs}, '{others}', ''))" for by, others in keeping.items())

    return f"length(translate({permuted}, '01234', '')) % 2 = 0 and ({turns(1)} - ({turns(2)})) % 5 = 0"


def _mod10(text: str) -> str:
    """Returns SQL for whether the digit after the hyphen is the mod 10 check digit of up to seven digits before it."""
    body, double = f"lpad({text}, 9, '0')", "0246813579"
    digits = [
        f"ascii(translate(substring({body}, {8 - place}, 1), '0123456789', '{double if place % 2 else '0123456789'}'))"
        for place in range(1, 8)
    ]
    return f"({' + '.join(digits)} + ascii(substring({body}, 9, 1)) - {8 * ord('0')}) % 10 = 0"


def _mod11(text: str) -> str:
    """Returns SQL for whether the last of ten digits is the mod 11 check digit of an NHS number."""
    digits = [f"(ascii(substring({text}, {place}, 1)) - {ord('0')}) * {11 - place}" for place in range(1, 11)]
    return f"({' + '.join(digits)}) % 11 = 0"


def _identifier() -> Kind:
    """Returns the kind of identifiers, one spelling for each: no blanks, UUIDs in lower case, NHS numbers as ten digits."""
    compact, digits = "translate({0}, ' \\t\u00a0', '')", "translate({0}, ' -\\t\u00a0', '')"
    uuid = f"^[0-9A-Fa-f]{{{{8}}}}(-[0-9A-Fa-f]{{{{4}}}}){{{{3}}}}-[0-9A-Fa-f]{{{{12}}}}{END}"
    nhs = f"{compact} rlike '^[0-9]{{{{3}}}}-[0-9]{{{{3}}}}-[0-9]{{{{4}}}}{END}' and {_mod11(digits)}"
    return Kind(
        "an identifier",
        f"case when {compact} rlike '{uuid}' then lower({compact}) when {nhs} then {digits} else {compact} end",
    )


ID = _identifier()
NAME = Kind("a name", "{0}", blanks=("",))
TEXT = Kind("a text", "{0}")
DATE = Kind(
    "a date",
    f"case when {{0}} rlike '{_INSTANT.replace('{', '{{').replace('}', '}}')}' then try_cast(substring({{0}}, 1, 10) as date) end",
    type=T.DateType(),
    strict=True,
    dated=True,
)
TIME = Kind(
    "a time",
    # Spark wants seconds where there are minutes
    f"case when {{0}} rlike '{_INSTANT.replace('{', '{{').replace('}', '}}')}' then try_cast(if(length({{0}}) = 10 or "
    "substring({0}, 17, 1) = ':', {0}, concat(left({0}, 16), ':00', substring({0}, 17))) as timestamp) end",
    type=T.TimestampType(),
    strict=True,
    dated=True,
)
_DOUBLE = f"case when {{0}} rlike '{_NUMBER}' then try_cast({{0}} as double) end"
NUMBER = Kind(
    "a finite number", f"case when abs({_DOUBLE}) <= 1e308 then {_DOUBLE} end", type=T.DoubleType(), strict=True
)
RESULT = Kind(
    "a finite number", f"case when coalesce(abs({_DOUBLE}), 0) <= 1e308 then {{0}} end", strict=True, blanks=("",)
)
"""The result of an observation: a number or words."""

SNOMED = pattern("a SNOMED CT code", "[1-9][0-9]{2,14}(00|10)[0-9]", also=_verhoeff("{1}"), helper=PERMUTED)
"""A concept of SNOMED CT or of an extension: partition 00 or 10, and Verhoeff's check digit (SNOMED CT Release File Specification, 6)."""

LOINC = pattern(
    "a LOINC code",
    "[0-9]{1,7}-[0-9]",
    also=_mod10("{0}"),
    words=("QALY", "DALY", "QOL", "QOLS", *(f"99999-{number}" for number in range(1, 21))),
)
"""LOINC with its mod 10 check digit (LOINC Users' Guide, appendix C), and what Synthea writes where LOINC has no code."""

RXNORM = pattern("an RxNorm code", "[1-9][0-9]{0,7}")
"""An RXCUI, of at most eight digits."""

_ATOM = (
    r"10[*^][0-9]{1,2}|%|24[.]?h|([fpnumcdkM]|da)?(g|L|l|mol|m|s|U|eq|osm|kat|Pa)|k?\\[?IU\\]?|m?m\\[Hg\\]|\\[(degF|pH|lb_av|in_i|ft_i)\\]"
    r"|min|h|d|wk|mo|a|Cel|pH"
)
_NOTE = r"\\{(#|score|nominal|count|ratio|index|titer|cells|copies|beats|breaths|INR|[TZ]-score|1[.]73_m2)\\}"
_TERM = f"(({_ATOM})-?[0-9]?({_NOTE})?|{_NOTE})"
UCUM = pattern("a UCUM unit", f"/?{_TERM}([./]{_TERM})*", words=("(score)",))
"""The units of UCUM that results of observations have. A note in braces may be any text in UCUM, and is one of a few here."""

POSTCODE = pattern(
    "a postcode",
    "[0-9]{5}(-[0-9]{4})?|[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}|[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9]",
)
"""A ZIP code, or a postcode of the United Kingdom or Canada."""


def _words(text: str, case: str = "lower") -> dict[str, str]:
    return {word.lower(): getattr(word, case)() if case else word for word in text.split()}


GENDER = value_set("a sex", {"male": "M", "female": "F", **_words("M F O U X", "upper"), "other": "O", "unknown": "U"})
MARITAL = value_set("a marital status", _words("A C D I L M P S T U UNK W", "upper"))
"""HL7 v3 MaritalStatus, of which Synthea has D, M, S and W."""

RACE = value_set(
    "a race",
    _words("white black asian native other hawaiian hispanic unknown")
    | {
        "1002-5": "native",
        "2028-9": "asian",
        "2054-5": "black",
        "2076-8": "hawaiian",
        "2106-3": "white",
        "2131-1": "other",
    },
)
"""Synthea's words and the codes of CDC's race categories."""

ETHNICITY = value_set(
    "an ethnicity",
    _words(
        "hispanic nonhispanic unknown african american american_indian arab asian_indian central_american chinese dominican english "
        "french french_canadian german greek irish italian mexican polish portuguese puerto_rican russian scottish south_american "
        "swedish west_indian"
    )
    | {"2135-2": "hispanic", "2186-5": "nonhispanic"},
)
"""Synthea's words, those of its first years too, and the codes of CDC's ethnicity categories."""

_STATES = (
    "Alabama AL,Alaska AK,Arizona AZ,Arkansas AR,California CA,Colorado CO,Connecticut CT,Delaware DE,District of Columbia DC,Florida FL,"
    "Georgia GA,Hawaii HI,Idaho ID,Illinois IL,Indiana IN,Iowa IA,Kansas KS,Kentucky KY,Louisiana LA,Maine ME,Maryland MD,"
    "Massachusetts MA,Michigan MI,Minnesota MN,Mississippi MS,Missouri MO,Montana MT,Nebraska NE,Nevada NV,New Hampshire NH,"
    "New Jersey NJ,New Mexico NM,New York NY,North Carolina NC,North Dakota ND,Ohio OH,Oklahoma OK,Oregon OR,Pennsylvania PA,"
    "Rhode Island RI,South Carolina SC,South Dakota SD,Tennessee TN,Texas TX,Utah UT,Vermont VT,Virginia VA,Washington WA,"
    "West Virginia WV,Wisconsin WI,Wyoming WY,American Samoa AS,Guam GU,Northern Mariana Islands MP,Puerto Rico PR,Virgin Islands VI,"
    "England ENG,Northern Ireland NIR,Scotland SCT,Wales WLS,Alberta AB,British Columbia BC,Manitoba MB,New Brunswick NB,"
    "Newfoundland and Labrador NL,Nova Scotia NS,Ontario ON,Prince Edward Island PE,Quebec QC,Saskatchewan SK"
)
STATE = value_set(
    "a state",
    {word.lower(): word for pair in _STATES.split(",") for word in pair.rsplit(" ", 1)},
)
"""The states and territories of the United States, the countries of the United Kingdom and the provinces of Canada: names and codes."""

CLASSES = (
    "ambulatory",
    "emergency",
    "home",
    "hospice",
    "inpatient",
    "outpatient",
    "snf",
    "urgentcare",
    "virtual",
    "wellness",
)
"""The encounter classes that are counted by name: those of Synthea. Any other is counted as `other`."""

OTHER_CLASSES = ("field", "pre-admission")
"""Encounter classes of HL7 that are none of those."""

ENCOUNTER_CLASS = value_set(
    "an encounter class",
    {name: name for name in (*CLASSES, *OTHER_CLASSES)}
    | {
        "amb": "ambulatory",
        "emer": "emergency",
        "hh": "home",
        "imp": "inpatient",
        "acute": "inpatient",
        "nonac": "inpatient",
        "obsenc": "outpatient",
        "ss": "outpatient",
        "vr": "virtual",
        "fld": "field",
        "prenc": "pre-admission",
        "urgent": "urgentcare",
    },
)
"""Synthea's words and HL7 v3 ActEncounterCode. An observation encounter and a short stay are no admissions, and so outpatient."""

SMALL_ZIP3 = (
    "036",
    "059",
    "063",
    "102",
    "203",
    "556",
    "692",
    "790",
    "821",
    "823",
    "830",
    "831",
    "878",
    "879",
    "884",
    "890",
    "893",
)
"""Areas of three-digit ZIP codes with 20,000 people or fewer, as of the census of 2000: the list in HHS's "Guidance Regarding Methods for
De-identification of Protected Health Information in Accordance with the HIPAA Privacy Rule" (2012), question 3.2. Safe Harbor makes them 000
(45 CFR 164.514(b)(2)(i)(B))."""
