"""The ZIP of a dossier: the same contents give the same bytes.

Pure: no database, no clock.
"""

import csv
import hashlib
import io
import json
import zipfile

#: The list with the sum of every other file, as `sha256sum --check` reads it.
SUMS = "SHA256SUMS"

#: A ZIP cannot tell an earlier day, and it must not tell when it was made.
MOMENT = (1980, 1, 1, 0, 0, 0)

#: PDF files are compressed in themselves already.
STORED_SUFFIXES = (".pdf", ".jpg", ".jpeg", ".png", ".zip")


def write_json(data):
    """Return data as JSON that is the same whenever the data are.

    :rtype: bytes
    """
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def write_csv(head, rows):
    """Return a table as CSV, as Dutch spreadsheets read it: with semicolons.

    What a spreadsheet would take for a formula is kept from being one.

    :param head: names of the columns
    :param rows: values, text or nothing
    :rtype: bytes
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_defuse(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _defuse(value):
    """Return a value that no spreadsheet works out.

    >>> _defuse("=1+1"), _defuse("-12.50"), _defuse(None)
    ("'=1+1", '-12.50', '')
    """
    text = "" if value is None else str(value)
    is_number = text.lstrip("-").replace(".", "", 1).isdigit()
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_number:
        return f"'{text}"
    return text


class Archive:
    """A ZIP that is written file by file, with the sum of each."""

    def __init__(self, stream):
        """
        :param stream: where the ZIP goes, a file opened for writing bytes
        """
        self._zip = zipfile.ZipFile(stream, "w")
        self.sums = {}  # SHA-256 by path, in the order of the files

    def add(self, path, content):
        """Put a file into the archive.

        :param str path: where it stands
        :param bytes content: what it holds
        :return: its SHA-256
        :rtype: str
        """
        if path in self.sums:
            raise ValueError(f"path: {path} is in the archive already")
        self.sums[path] = hashlib.sha256(content).hexdigest()
        self._write(path, content)
        return self.sums[path]

    def _write(self, path, content):
        info = zipfile.ZipInfo(path, MOMENT)
        info.create_system = 3  # the same on every system
        info.external_attr = 0o644 << 16
        is_stored = path.lower().endswith(STORED_SUFFIXES)
        info.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
        self._zip.writestr(info, content)

    def close(self):
        """Write the list of sums, and end the ZIP."""
        lines = [f"{digest}  {path}\n" for path, digest in self.sums.items()]
        self._write(SUMS, "".join(lines).encode())
        self._zip.close()
