"""The house keeps its shape: arrows point one way, pages are short, nothing asks for another host, dependencies are pinned."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = sorted((ROOT / "mhequity").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
APP = ROOT / "app.py"

MAY_IMPORT = {
    "paths": set(),
    "coded": set(),
    "markdown": set(),
    "periods": {"paths"},
    "areas": {"paths", "periods"},
    "tables": {"paths", "coded", "areas", "periods"},
    "statistics": set(),
    "joint_sums": set(),
    "disclosure": {"joint_sums"},
    "reading": {"paths", "coded", "areas", "periods", "tables"},
    "workspace": {"paths", "areas", "periods", "tables", "reading", "disclosure"},
    "changes": {"periods", "tables", "workspace"},
    "scope": {"paths", "areas", "periods", "tables"},
    "analysis": {"paths", "markdown", "areas", "periods", "tables", "workspace", "scope", "statistics", "disclosure"},
    "charts": {"paths", "areas", "periods"},
    "export": {"paths", "areas", "periods", "tables", "charts", "reading"},
    "__main__": {"tables", "reading", "export"},
    "ui": {
        "paths",
        "markdown",
        "areas",
        "periods",
        "tables",
        "reading",
        "workspace",
        "changes",
        "scope",
        "disclosure",
        "statistics",
        "analysis",
        "charts",
        "export",
    },
}
"""What each part may use beside itself. Charts draw what they are handed; export shares the template's headings with reading."""


@lru_cache
def imports(path: Path) -> frozenset[str]:
    """Full names of the modules that a file imports, those inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written from the project's top"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def part_of(path: Path) -> str:
    """``mhequity/reading/files.py`` to ``reading``, ``mhequity/areas.py`` to ``areas``."""
    inside = path.relative_to(ROOT / "mhequity")
    return inside.parts[0].removesuffix(".py")


def modules() -> dict[str, Path]:
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in PACKAGE}


def ours(path: Path) -> set[str]:
    """Modules of the package that a file imports."""
    known = modules()
    found = set()
    for name in imports(path):
        if name.split(".")[0] == "mhequity":
            found.add(name if name in known else name.rpartition(".")[0])
    return found - {"mhequity"}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in PACKAGE if part_of(path) != "ui"], ids=relative)
def test_streamlit_is_known_to_the_front_door_pages_and_ui_only(path: Path) -> None:
    assert not [name for name in imports(path) if name.split(".")[0] == "streamlit"]


@pytest.mark.parametrize("path", [path for path in PACKAGE if part_of(path) != "__init__"], ids=relative)
def test_arrows_point_one_way(path: Path) -> None:
    part = part_of(path)
    assert part in MAY_IMPORT, f"{part} is new: say above what it may import"
    used = {name.split(".")[1] for name in ours(path)}
    assert used - {part} - MAY_IMPORT[part] == set()


def test_what_may_be_imported_has_no_circle() -> None:
    done: set[str] = set()
    while len(done) < len(MAY_IMPORT):
        free = {part for part, needs in MAY_IMPORT.items() if part not in done and needs <= done}
        assert free, f"a circle among {set(MAY_IMPORT) - done}"
        done |= free


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: ours(path) for name, path in modules().items() if name != "mhequity"}
    # A package's own __init__ that gathers its modules is no circle, as long as they do not import it back.
    while leaves := [name for name, needs in graph.items() if not (needs & graph.keys()) - {name}]:
        for name in leaves:
            del graph[name]
    assert graph == {}


@pytest.mark.parametrize("path", [*PAGES, APP], ids=relative)
def test_pages_are_short_and_compute_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 60
    assert not {name.split(".")[0] for name in imports(path)} & {"pandas", "numpy", "altair", "pydeck", "scipy"}


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_the_first_call_of_a_page_heals_a_cold_deep_link(path: Path) -> None:
    first = next(
        node for node in ast.parse(path.read_text(encoding="utf-8")).body if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Expr))
    )
    assert isinstance(first, ast.Assign)
    assert isinstance(first.value, ast.Call)
    assert ast.unparse(first.value.func) == "page"


def test_every_page_file_is_in_the_navigation_under_its_own_name() -> None:
    text = (ROOT / "mhequity" / "ui" / "pages.py").read_text(encoding="utf-8")
    assert set(re.findall(r'"(pages/\w+\.py)"', text)) == {relative(path) for path in PAGES}
    assert "url_path" not in text


@pytest.mark.parametrize("path", PACKAGE, ids=relative)
def test_no_module_holds_state_that_changes(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]


def config() -> dict:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_no_statistics_are_sent_and_no_address_is_looked_up() -> None:
    assert config()["browser"]["gatherUsageStats"] is False
    assert config()["browser"]["serverAddress"]


def test_details_of_errors_are_kept_from_visitors() -> None:
    assert config()["client"]["showErrorDetails"] == "none"


@pytest.mark.parametrize("path", [ROOT / ".streamlit" / "config.toml", *(ROOT / "mhequity" / "ui").glob("*.css")], ids=relative)
def test_settings_and_style_name_no_other_host(path: Path) -> None:
    assert not re.findall(r"https?://|url\(\s*['\"]?//|@import", path.read_text(encoding="utf-8"))


def pins(path: str) -> dict[str, list[Requirement]]:
    """Requirements of a lock file by name."""
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / path).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith(("#", "-")):
            requirement = Requirement(line)
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("wanted", project()["project"]["dependencies"])
def test_every_direct_dependency_is_pinned_inside_its_range(wanted: str) -> None:
    requirement = Requirement(wanted)
    assert_pinned(requirement, pins("requirements.txt"))


@pytest.mark.parametrize("wanted", project()["dependency-groups"]["test"])
def test_every_dependency_of_the_tests_is_pinned_inside_its_range(wanted: str) -> None:
    assert_pinned(Requirement(wanted), pins("tests/requirements.txt"))


def assert_pinned(requirement: Requirement, locked: dict[str, list[Requirement]]) -> None:
    lines = locked.get(canonicalize_name(requirement.name), [])
    assert lines, f"{requirement.name} is not in the lock"
    for line in lines:
        (specifier,) = line.specifier
        assert specifier.operator == "=="
        assert requirement.specifier.contains(specifier.version)


def test_every_line_of_the_lock_is_an_exact_version() -> None:
    loose = [
        str(line) for lines in pins("requirements.txt").values() for line in lines if [each.operator for each in line.specifier] != ["=="]
    ]
    assert loose == []


def test_every_library_that_is_imported_is_a_direct_dependency() -> None:
    """Streamlit brings numpy and others along, but what is imported by name is named by name."""
    provides = metadata.packages_distributions()
    used = {name.split(".")[0] for path in [*PACKAGE, *PAGES, APP] for name in imports(path)}
    outside = {canonicalize_name(provides[name][0]) for name in used if name in provides and name not in ("mhequity", "data", "tests")}
    named = {canonicalize_name(Requirement(line).name) for line in project()["project"]["dependencies"]}
    assert outside - named == set()


def licence(name: str) -> str:
    info = metadata.metadata(name)
    classifiers = [each for each in info.get_all("Classifier") or [] if each.startswith("License")]
    # Some put the whole text of their licence in the field: its first line says which one it is.
    stated = (info.get("License-Expression") or info.get("License") or "").strip().splitlines()
    return " ".join([*classifiers, *stated[:1]])


@pytest.mark.parametrize("name", sorted(pins("requirements.txt")))
def test_no_library_is_under_the_gpl_or_agpl(name: str) -> None:
    markers = [line.marker for line in pins("requirements.txt")[name]]
    if all(marker and not marker.evaluate() for marker in markers):
        return  # for another platform: it is not installed here
    said = licence(name)
    assert not re.search(r"(?<!L)\bA?GPL|(?<!Lesser )(?<!Library or )\bGeneral Public License", said), said


def test_commands_of_the_readme_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```\n(.*?)```", text, re.DOTALL)) + "\n".join(re.findall(r"`(python [^`]+)`", text))
    files = (
        set(re.findall(r"-r (\S+)", blocks))
        | set(re.findall(r"streamlit run (\S+)", blocks))
        | set(re.findall(r"python (\S+\.py)", blocks))
    )
    assert {"requirements.txt", "tests/requirements.txt", "app.py"} <= files
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_files_that_the_readme_names_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:data|tests|mhequity|pages)/[\w/.]+)`", text)) | set(re.findall(r"\]\(([\w/.]+)\)", text)) | {"LICENSE"}
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_test_command_in_the_readme_is_the_one_that_ci_runs() -> None:
    text, script = (ROOT / "README.md").read_text(encoding="utf-8"), (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"<!-- test command -->\n```\n.*pytest.*\n```", text)
    assert "test command" in script
    assert not re.search(r"^\s*pytest", script, re.MULTILINE), "CI reads the command out of the README"


def test_the_examples_in_the_readme_run(capsys: pytest.CaptureFixture[str]) -> None:
    figures, methods = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(figures, "README.md", "exec"), {})
    assert "verdict" in capsys.readouterr().out
    exec(compile(methods, "README.md", "exec"), {})
    assert "low_998" in capsys.readouterr().out


def our_own() -> list[Path]:
    return sorted((ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("path", our_own(), ids=relative)
def test_no_test_is_skipped_or_expected_to_fail(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"pytest.skip", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "pytest.xfail", "pytest.importorskip"}
