"""The house: which room may use what, and how large its pieces may be.

Read from the source, so that a message can say where a thing belongs.
"""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from odoo.tests import BaseCase, tagged

from .structure_exceptions import EXCEPTIONS

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "models"
FILE_LINES, METHOD_LINES = 700, 40
OWN_MODELS = ("dunning.", "payment.arrangement")
OWN_INHERITANCE = re.compile(
    r'<field name="inherit_id" ref="(?:l10n_nl_dunning\.)?(\w+)"'
    r'|inherit_id="(?:l10n_nl_dunning\.)?(\w+)"'
)
GUIDE = ROOT / "doc" / "developers.md"
#: Models of Odoo that have many rows: what was derived there would have to follow.
LARGE_MODELS = ("account.move", "account.move.line", "res.partner")
#: Tests of the module as a whole.
WHOLE_MODULE_TESTS = (
    *("test_security", "test_structure", "test_together", "test_tours", "test_views"),
)


@cache
def rooms():
    """Return the rooms in the order of the way through: the imports of `models`."""
    tree = ast.parse((MODELS / "__init__.py").read_text())
    return [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]


@cache
def sources():
    """Return the syntax tree of each file of the rooms."""
    return {
        path.relative_to(MODELS): ast.parse(path.read_text())
        for path in sorted(MODELS.glob("*/**/*.py"))
    }


def room_of(path):
    return path.parts[0]


def rank(room):
    return rooms().index(room)


def classes(tree):
    """Yield the classes of a file that are models, with the name of the model."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and (name := model_of(node)):
            yield name, node


def attributes(node):
    """Return the names that the body of a class assigns, with what is assigned."""
    return {
        item.targets[0].id: item.value
        for item in node.body
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name)
    }


def model_of(node):
    given = attributes(node)
    for name in ("_name", "_inherit"):
        if name in given:
            value = ast.literal_eval(given[name])
            return value if isinstance(value, str) else value[0]
    return None


def inherited(node):
    """Return the names of the models that a class inherits."""
    value = attributes(node).get("_inherit")
    value = ast.literal_eval(value) if value else ()
    return [value] if isinstance(value, str) else list(value)


def methods(node):
    return [item for item in node.body if isinstance(item, ast.FunctionDef)]


@cache
def homes():
    """Return the first room of each model, method and added field of core models.

    Names of other fields are short, and those of many things.
    """
    found = {}
    for path, tree in sources().items():
        for model, node in classes(tree):
            names = [item.name for item in methods(node)]
            names += [name for name in attributes(node) if "dunning_" in name]
            if "_name" in attributes(node):
                names.append(model)
            for name in names:
                known = found.setdefault(name, room_of(path))
                if rank(room_of(path)) < rank(known):
                    found[name] = room_of(path)
    return found


def length(node):
    return node.end_lineno - node.lineno + 1


def mentions(tree):
    """Yield what the code of a file asks others for: attributes and model names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.startswith(OWN_MODELS)
        ):
            yield node.value, node.lineno


def absolute_imports(tree):
    """Yield the names of packages that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def imported_rooms(path, tree):
    """Yield the rooms that a file imports from."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = ("models", *path.parts[:-1])
        base = base[: len(base) - node.level + 1]
        target = (*base, *(node.module or "").split(".")) if node.module else base
        if target[0] == "models" and len(target) > 1:
            yield target[1], node.lineno


@tagged("post_install_l10n", "post_install", "-at_install")
class TestStructure(BaseCase):
    maxDiff = None

    def _check(self, rule, found, advice):
        """Compare what breaks a rule with what is known to break it."""
        known = EXCEPTIONS.get(rule, set())
        new = sorted(set(found) - known)
        self.assertFalse(new, f"{advice}\n" + "\n".join(new))
        gone = sorted(known - set(found))
        self.assertFalse(
            gone, "No exception any more, take it off the list:\n" + "\n".join(gone)
        )

    def test_each_room_is_listed_once(self):
        folders = {path.parent.name for path in MODELS.glob("*/__init__.py")}
        self.assertEqual(sorted(rooms()), sorted(folders))

    def test_model_is_extended_once_in_a_room(self):
        files = defaultdict(list)
        for path, tree in sources().items():
            for model, _node in classes(tree):
                files[room_of(path), model].append(str(path))
        self._check(
            "once",
            {
                f"{room}: {model}"
                for (room, model), paths in files.items()
                if len(paths) > 1
            },
            "Put it together: a room has one class for a model, or is two rooms.",
        )

    def test_file_is_named_after_its_model(self):
        self._check(
            "name",
            {
                str(path)
                for path, tree in sources().items()
                for model, _node in classes(tree)
                if path.stem != model.replace(".", "_")
            },
            "Name the file after the model that it holds.",
        )

    def test_imports_go_to_earlier_rooms(self):
        self._check(
            "import",
            {
                f"{path} imports {room}"
                for path, tree in sources().items()
                for room, _line in imported_rooms(path, tree)
                if rank(room) > rank(room_of(path))
            },
            "A room uses only rooms above it. What is needed here belongs there, or "
            "comes in through a seam (doc/developers.md).",
        )

    def test_inheritance_goes_to_earlier_rooms(self):
        self._check(
            "inherit",
            {
                f"{path} inherits {name}"
                for path, tree in sources().items()
                for _model, node in classes(tree)
                for name in inherited(node)
                if name in homes() and rank(homes()[name]) > rank(room_of(path))
            },
            "Extend a model of an earlier room, not of a later one.",
        )

    def test_nothing_of_later_rooms_is_asked_for(self):
        self._check(
            "use",
            {
                f"{path}: {name} of {homes()[name]}"
                for path, tree in sources().items()
                for name, _line in mentions(tree)
                if "engine" not in path.parts
                and name in homes()
                and rank(homes()[name]) > rank(room_of(path))
            },
            "Let the later room add it by `super()` (doc/developers.md).",
        )

    def test_methods_of_core_models_name_dunning(self):
        self._check(
            "dunning",
            {
                f"{path}: {item.name}"
                for path, tree in sources().items()
                for model, node in classes(tree)
                if not model.startswith(OWN_MODELS)
                for item in methods(node)
                if "dunning" not in item.name and not self._extends(path, item)
            },
            "Put `dunning` into the name, or mark what it extends: # EXTENDS 'account'",
        )

    def _extends(self, path, item):
        lines = (MODELS / path).read_text().splitlines()
        body = "\n".join(lines[item.lineno - 1 : item.end_lineno])
        return re.search(r"# EXTENDS '\w+'", body)

    def test_methods_are_short(self):
        self._check(
            "method",
            {
                f"{path}: {item.name}"
                for path, tree in sources().items()
                for item in ast.walk(tree)
                if isinstance(item, ast.FunctionDef) and length(item) > METHOD_LINES
            },
            f"A method does one thing: at most {METHOD_LINES} lines.",
        )

    def test_files_are_one_subject(self):
        self._check(
            "file",
            {
                str(path)
                for path in sources()
                if len((MODELS / path).read_text().splitlines()) > FILE_LINES
            },
            f"A file of more than {FILE_LINES} lines has two subjects: cut it there.",
        )

    def test_imports_make_no_circle(self):
        graph = {path: set() for path in sources()}
        for path, tree in sources().items():
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.level:
                    base = (MODELS / path).parents[node.level - 1]
                    target = base.joinpath(*(node.module or "").split("."))
                    target = target.with_suffix(".py")
                    if target.is_file() and MODELS in target.parents:
                        graph[path].add(target.relative_to(MODELS))
        self.assertEqual(self._find_circle(graph), [])

    def _find_circle(self, graph):
        """Return what is left of a graph when all that ends somewhere is gone."""
        graph = {node: set(ends) for node, ends in graph.items()}
        while ends := {node for node, targets in graph.items() if not targets}:
            graph = {
                node: targets - ends
                for node, targets in graph.items()
                if node not in ends
            }
        return sorted(map(str, graph))

    def test_wizards_have_a_file_each(self):
        named = {
            (str(path.relative_to(ROOT)), model)
            for path in (ROOT / "wizard").glob("*.py")
            for model, _node in classes(ast.parse(path.read_text()))
            if not model.startswith(path.stem.replace("_", "."))
        }
        self.assertFalse(named, "Name the file after the wizard that it holds.")

    def test_no_view_inherits_a_view_of_the_module(self):
        inheriting = {
            f"{path.relative_to(ROOT)}: {match}"
            for folder in ("views", "wizard", "report")
            for path in (ROOT / folder).glob("*.xml")
            for match in OWN_INHERITANCE.findall(path.read_text())
        }
        self.assertFalse(inheriting, "Write it into the view that it changes.")

    def test_law_and_engines_know_nothing_of_odoo(self):
        pure = [*(ROOT / "law").rglob("*.py"), *MODELS.glob("*/engine*/**/*.py")]
        pure += MODELS.glob("*/engine.py")
        impure = {
            f"{path.relative_to(ROOT)}: {name}"
            for path in pure
            for name in absolute_imports(ast.parse(path.read_text()))
            if name.partition(".")[0] == "odoo"
        }
        self.assertFalse(impure, "Plain data goes in and comes out; the model calls.")

    def test_tools_know_nothing_of_dunning(self):
        knowing = {
            str(path.relative_to(ROOT))
            for path in (ROOT / "tools").glob("*.py")
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom)
            and node.level
            and (node.module or "").partition(".")[0] in ("models", "law", "wizard")
        }
        self.assertFalse(knowing, "What knows of dunning has a room.")

    def test_tests_are_named_after_rooms(self):
        subjects = (*rooms(), "law", "tools")
        strays = {
            path.name
            for path in (ROOT / "tests").glob("test_*.py")
            if path.stem not in WHOLE_MODULE_TESTS
            and not path.stem.removeprefix("test_").startswith(subjects)
        }
        self.assertFalse(strays, "Name it test_<room>_<subject>.py.")

    def test_each_test_file_runs(self):
        listed = {
            alias.name
            for node in ast.parse((ROOT / "tests" / "__init__.py").read_text()).body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        present = {path.stem for path in (ROOT / "tests").glob("test_*.py")}
        self.assertEqual(sorted(listed), sorted(present))

    def test_only_jobs_commit(self):
        committing = {
            f"{path}: {item.name}"
            for path, tree in sources().items()
            for item in ast.walk(tree)
            if isinstance(item, ast.FunctionDef)
            and not item.name.startswith("_cron_")
            # The mail queue says itself whether it does.
            and "auto_commit" not in {arg.arg for arg in item.args.args}
            for name, _line in mentions(item)
            if name in ("commit", "_commit_progress")
        }
        self.assertFalse(committing, "Only jobs commit: their name is _cron_….")

    def test_what_is_derived_is_not_stored(self):
        stored = {
            f"{path}: {name}"
            for path, tree in sources().items()
            for model, node in classes(tree)
            if model in LARGE_MODELS
            for name, value in attributes(node).items()
            if isinstance(value, ast.Call)
            and {"compute", "store"} <= {word.arg for word in value.keywords}
        }
        self.assertFalse(stored, "Work it out when it is asked for.")

    # === THE DEVELOPER'S GUIDE === #

    def test_guide_names_files_that_there_are(self):
        named = re.findall(
            r"`((?:models|tests|law|bench|dev)/[\w/.-]+\.\w+)`", GUIDE.read_text()
        )
        self.assertEqual([path for path in named if not (ROOT / path).exists()], [])
        rows = re.findall(r"\| `(test_\w+\.py): (test_\w+)` \|", GUIDE.read_text())
        self.assertEqual(len(rows), 12)
        for path, name in rows:
            with self.subTest(test=name):
                self.assertIn(f"def {name}(", (ROOT / "tests" / path).read_text())

    def test_links_between_pages_lead_somewhere(self):
        broken = {
            f"{page.name}: {link}"
            for page in [ROOT / "README.md", *(ROOT / "doc").glob("*.md")]
            for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text())
            if not (page.parent / link).exists()
        }
        self.assertFalse(broken)

    def test_guide_tells_what_happens_in_each_room(self):
        named = set(re.findall(r"`(\w+)`", GUIDE.read_text()))
        self.assertEqual([room for room in rooms() if room not in named], [])

    def test_guide_walks_through_in_twelve_stops(self):
        stops = re.findall(r"\| \d+ \| `(models/\S+)` \| `(\w+)` \|", GUIDE.read_text())
        self.assertLessEqual(len(stops), 12)
        self.assertEqual(len(stops), len(dict(stops)), "no file is visited twice")
        for path, name in stops:
            with self.subTest(stop=name):
                self.assertIn(f"def {name}(", (ROOT / path).read_text())
