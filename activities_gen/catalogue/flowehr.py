"""What is reported of a deployment with FlowEHR."""

from __future__ import annotations

from activities_gen.catalogue.code import ERROR, FLOWEHR, NOTE, RUN, TERRAFORM, WARNING, Code

FLOWEHR_CODES = (
    Code(
        "FLO104",
        "flowehr",
        ERROR,
        TERRAFORM,
        "a missing key that FlowEHR reads",
        instead_of=("ADF004", "ADF113", "ADF301"),
    ),
    Code("FLO106", "flowehr", ERROR, TERRAFORM, "a parameter without a default value"),
    Code("FLO107", "flowehr", ERROR, TERRAFORM, "a default value that FlowEHR cannot pass on"),
    Code("FLO108", "flowehr", WARNING, FLOWEHR, "a parameter that FlowEHR turns into a String"),
    Code(
        "FLO109",
        "flowehr",
        WARNING,
        FLOWEHR,
        "a pipeline property that FlowEHR does not deploy",
        instead_of=("ADF307",),
    ),
    Code("FLO150", "flowehr", ERROR, FLOWEHR, "a linked service that FlowEHR does not have"),
    Code("FLO151", "flowehr", ERROR, FLOWEHR, "a dataset or data flow, which FlowEHR does not have"),
    Code("FLO152", "flowehr", ERROR, FLOWEHR, "an integration runtime that FlowEHR does not have"),
    Code("FLO154", "flowehr", WARNING, TERRAFORM, "a text that Terraform changes"),
    Code(
        "FLO120",
        "flowehr_trigger",
        ERROR,
        TERRAFORM,
        "a trigger that is not a tumbling window",
        instead_of=("ADF701", "ADF702", "ADF705"),
    ),
    Code("FLO121", "flowehr_trigger", ERROR, TERRAFORM, "a trigger without retries", instead_of=("ADF703", "ADF710")),
    Code(
        "FLO122",
        "flowehr_trigger",
        ERROR,
        TERRAFORM,
        "a trigger with arguments that FlowEHR cannot pass on",
        instead_of=("ADF703", "ADF720"),
    ),
    Code(
        "FLO123", "flowehr_trigger", ERROR, TERRAFORM, "a trigger that starts another pipeline than the one beside it"
    ),
    Code(
        "FLO124",
        "flowehr_trigger",
        ERROR,
        TERRAFORM,
        "a trigger with a value that FlowEHR's Terraform does not take",
        instead_of=("ADF703", "ADF708", "ADF709"),
    ),
    Code("FLO125", "flowehr_trigger", WARNING, FLOWEHR, "a trigger property that FlowEHR ignores"),
    Code(
        "FLO130",
        "terraform",
        ERROR,
        TERRAFORM,
        "an activity type that FlowEHR's Terraform does not know",
        instead_of=("ADF217", "ADF218"),
    ),
    Code("FLO131", "terraform", WARNING, TERRAFORM, "a key that FlowEHR's Terraform drops"),
    Code(
        "FLO132",
        "terraform",
        ERROR,
        TERRAFORM,
        "a value that stops FlowEHR's Terraform",
        instead_of=("ADF103", "ADF201", "ADF214", "ADF215", "ADF216", "ADF220", "ADF224", "ADF235", "ADF236", "ADF604"),
    ),
    Code("FLO133", "terraform", WARNING, TERRAFORM, "a null that FlowEHR's Terraform drops"),
    Code("FLO134", "terraform", WARNING, TERRAFORM, "a key in another case than FlowEHR's Terraform writes it"),
    Code(
        "FLO135", "terraform", WARNING, TERRAFORM, "a source, sink or setting whose type FlowEHR's Terraform rewrites"
    ),
    Code("FLO102", "directories", NOTE, FLOWEHR, "a directory with another name than its pipeline"),
    Code("FLO103", "directories", NOTE, TERRAFORM, "a directory name that FlowEHR cannot use"),
    Code("FLO105", "directories", ERROR, TERRAFORM, "a file in an encoding that Terraform does not read"),
    Code("FLO140", "directories", ERROR, FLOWEHR, "a pipeline directory inside another"),
    Code("FLO141", "directories", ERROR, FLOWEHR, "a file name that FlowEHR does not recognise"),
    Code("FLO142", "directories", ERROR, FLOWEHR, "a pipeline.json and an activities.json with different activities"),
    Code("FLO143", "directories", ERROR, FLOWEHR, 'a directory without a Makefile target "artifacts"'),
    Code("FLO144", "directories", ERROR, FLOWEHR, "a path to an artifact of another directory"),
    Code("FLO145", "directories", ERROR, RUN, "a path to an artifact that does not exist"),
    Code("FLO146", "directories", WARNING, FLOWEHR, "an artifact that nothing uses"),
    Code("FLO147", "directories", WARNING, FLOWEHR, "a folder in artifacts/, which is not uploaded"),
)
