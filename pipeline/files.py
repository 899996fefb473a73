"""The few file operations that Spark has no DataFrame for, through Hadoop's own file systems.

They serve a laptop's directory, `dbfs:/` and `abfss://` alike, with the credentials that Spark already has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.errors import LakeError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OVERWRITE = RECURSIVELY = True


def literal(path: str) -> str:
    """A path in which Spark's readers see no pattern."""
    return re.sub(r"([\[\]{}*?\\])", r"\\\1", path)


class Files:
    """Hadoop's file systems as one session sees them.

    Args:
        spark: The session whose Hadoop configuration is used.
    """

    def __init__(self, spark: SparkSession) -> None:
        jvm: Any = spark._jvm
        self._jvm = jvm
        self._configuration: Any = spark._jsc.hadoopConfiguration()
        # Asked for once, as Py4J looks through all jars for each part of the name.
        self._path = jvm.org.apache.hadoop.fs.Path

    def _at(self, location: str) -> tuple[Any, Any]:
        path = self._path(location)
        return path.getFileSystem(self._configuration), path

    def is_file(self, location: str) -> bool:
        """Whether a file is there."""
        system, path = self._at(location)
        return bool(system.exists(path) and system.getFileStatus(path).isFile())

    def exists(self, location: str) -> bool:
        """Whether a file or a directory is there."""
        system, path = self._at(location)
        return bool(system.exists(path))

    def names(self, location: str) -> list[str]:
        """Names of what a directory holds, sorted; none when there is no such directory."""
        system, path = self._at(location)
        if not system.exists(path):
            return []
        return sorted(status.getPath().getName() for status in system.listStatus(path))

    def read_text(self, location: str) -> str:
        """The content of a small UTF-8 file."""
        system, path = self._at(location)
        stream = system.open(path)
        try:
            return str(self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
        finally:
            stream.close()

    def first_line(self, location: str) -> str | None:
        """The first line of a UTF-8 file that is not blank, or None; bytes that are no UTF-8 become U+FFFD.

        A file that is compressed, as its name says, is read as Spark reads it.
        """
        system, path = self._at(location)
        codec = self._jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(self._configuration).getCodec(path)
        stream = system.open(path)
        text = self._jvm.java.io.InputStreamReader(codec.createInputStream(stream) if codec else stream, "UTF-8")
        reader = self._jvm.java.io.BufferedReader(text)
        try:
            line = reader.readLine()
            while line is not None and not line.strip():
                line = reader.readLine()
            return None if line is None else str(line)
        finally:
            reader.close()

    def write_text(self, location: str, text: str) -> None:
        """Writes a small UTF-8 file beside its place and moves it there, so that nobody sees half of it."""
        self.delete(f"{location}.part")
        self.create(f"{location}.part", text)
        self.delete(location)
        self.rename(f"{location}.part", location)

    def create(self, location: str, text: str) -> None:
        """Writes a small UTF-8 file in its place."""
        system, path = self._at(location)
        stream = system.create(path, OVERWRITE)
        try:
            stream.write(bytearray(text.encode("utf-8")))
        finally:
            stream.close()

    def rename(self, source: str, target: str) -> None:
        """Moves a file or a directory to a place where nothing is; the place's parents are made.

        Raises:
            LakeError: Something is there, or the file system refuses.
        """
        system, path = self._at(source)
        end = self._path(target)
        system.mkdirs(end.getParent())
        if system.exists(end) or not system.rename(path, end):
            raise LakeError(f"cannot move {source} to {target}")

    def delete(self, location: str) -> None:
        """Removes a file or a directory with all it holds, when it is there."""
        system, path = self._at(location)
        system.delete(path, RECURSIVELY)
