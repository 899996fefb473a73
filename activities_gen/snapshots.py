"""Snapshots of generated JSON as text. Imported by tests only; needs syrupy."""

from __future__ import annotations

from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode


class JsonTextExtension(SingleFileSnapshotExtension):
    """One ``.json`` file for each snapshot, holding the text that was compared.

    Syrupy's own JSON extension sorts keys and writes what is no JSON as its ``repr``: a changed order of keys, or an
    object that leaked into the output, would go unnoticed. So only text is taken, as it is written to a file.
    """

    _write_mode = WriteMode.TEXT
    file_extension = "json"

    def serialize(self, data: Any, **_: Any) -> str:
        """The text itself.

        Raises:
            TypeError: It is no text.
            ValueError: It has no final newline, or line ends that reading a file would change.
        """
        if isinstance(data, bytes):
            data = data.decode("utf-8")
        if not isinstance(data, str):
            raise TypeError(f"A JSON snapshot is of text, as it is written to a file, not of {type(data).__name__}.")
        if not data.endswith("\n") or "\r" in data:
            raise ValueError("The text of a JSON snapshot ends with a newline, and its lines with nothing else.")
        return data
