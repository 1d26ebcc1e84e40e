"""Whether a dossier is still what it was when it was made.

Pure: no database, no clock, and no import of its neighbours, so that the command in
`dev/` can read this file by itself.
"""

import hashlib
import json
import re
import zipfile

SUMS = "SHA256SUMS"
DATA = "dossier.json"
CHUNK = 1 << 20
LINE = re.compile(r"([0-9a-f]{64})  (.+)")
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "null": type(None),
}


def verify(file, schema):
    """Return what is wrong with a dossier: a sentence each, none when all is right.

    :param file: path of the ZIP, or a file opened for reading bytes
    :param dict schema: the published schema that its data are read against
    :rtype: list[str]
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _verify_archive(archive, schema)
    except zipfile.BadZipFile as error:
        return [f"This is no ZIP file, or it is damaged: {error}."]


def _verify_archive(archive, schema):
    names = archive.namelist()
    for needed in (SUMS, DATA):
        if needed not in names:
            return [f"{needed} is missing."]
    listed = {}
    for number, line in enumerate(archive.read(SUMS).decode().splitlines(), 1):
        if not (match := LINE.fullmatch(line)):
            return [f"{SUMS}, line {number} cannot be read."]
        listed[match[2]] = match[1]
    problems = [f"{path} is missing." for path in listed if path not in names]
    problems += [
        f"{name} is not in {SUMS}: it was added later."
        for name in names
        if name not in listed and name != SUMS
    ]
    problems += [
        f"{path} was changed: its SHA-256 is not the one in {SUMS}."
        for path, digest in listed.items()
        if path in names and _sum(archive, path) != digest
    ]
    return problems or _verify_data(json.loads(archive.read(DATA)), listed, schema)


def _sum(archive, path):
    """Return the sum of a file, read in parts."""
    digest = hashlib.sha256()
    with archive.open(path) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _verify_data(data, listed, schema):
    problems = [f"{DATA}: {problem}" for problem in check(data, schema)]
    if problems:
        return problems
    return [
        f"{DATA} names another SHA-256 of {file['path']} than {SUMS}."
        for file in data["files"]
        if listed.get(file["path"]) != file["sha256"]
    ]


def check(value, schema, root=None, path="$"):
    """Return where a value does not follow a JSON schema.

    Knows of JSON Schema what the schemas of this module use: type, required,
    properties, additionalProperties (false), items, enum, const, pattern, $ref into
    $defs.

    :param value: as read from JSON
    :param dict schema: the schema, or a part of it
    :param dict root: the whole schema
    :param str path: where the value stands
    :rtype: list[str]

    >>> check({"a": 1}, {"type": "object", "required": ["b"]})
    ['$: b is missing']
    """
    root = schema if root is None else root
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return check(value, root["$defs"][name], root, path)
    kinds = schema.get("type", list(TYPES))
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not any(_is_of(value, kind) for kind in kinds):
        return [f"{path}: {value!r} is no {' or '.join(kinds)}"]
    problems = _check_plain(value, schema, path)
    if isinstance(value, dict):
        problems += _check_object(value, schema, root, path)
    if isinstance(value, list) and "items" in schema:
        for position, item in enumerate(value):
            problems += check(item, schema["items"], root, f"{path}[{position}]")
    return problems


def _is_of(value, kind):
    """Tell whether a value is of a type; what is true or false is no number.

    >>> _is_of(True, "integer"), _is_of(True, "boolean"), _is_of(3, "integer")
    (False, True, True)
    """
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, TYPES[kind])


def _check_plain(value, schema, path):
    problems = []
    if "const" in schema and value != schema["const"]:
        problems.append(f"{path}: {value!r} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        problems.append(f"{path}: {value!r} is none of {schema['enum']}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        problems.append(f"{path}: {value!r} does not look like {schema['pattern']}")
    return problems


def _check_object(value, schema, root, path):
    known = schema.get("properties", {})
    problems = [
        f"{path}: {name} is missing"
        for name in schema.get("required", ())
        if name not in value
    ]
    if schema.get("additionalProperties") is False:
        problems += [f"{path}: {n} is unknown" for n in value if n not in known]
    for name, part in known.items():
        if name in value:
            problems += check(value[name], part, root, f"{path}.{name}")
    return problems
