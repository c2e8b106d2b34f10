"""The house's walls as two literal tables: which app may import which, and which module which."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Each app may import itself and these.
APPS: dict[str, set[str]] = {
    "accounts": set(),
    "commissioning": {"accounts"},
    "governance": {"accounts", "commissioning"},
    "agreements": {"accounts", "commissioning", "governance"},
    "contracts": {"accounts", "commissioning", "governance", "agreements"},
    "reporting": {"accounts", "commissioning", "governance", "agreements", "contracts"},
    "config": {"accounts", "commissioning", "governance", "agreements", "contracts", "reporting"},
}

#: Inside an app each kind of module may import only what stands before it.
LAYERS: list[set[str]] = [
    {"choices", "permissions", "clock", "holidays", "data"},
    {"rules"},
    {"access", "drawing", "database_rules"},
    {"models"},
    {"backends", "acts", "grants", "current_unit"},
    {"queries", "resources", "register_files", "return_files", "ocds", "templatetags"},
    {"emails"},
    {"services"},
    {
        "demonstration",
        "scale",
        "exceptions_to_access",
        "tasks",
        "adapter",
        "forms_renderer",
        "kept_form",
        "middleware",
        "signed_out",
    },
    {"forms", "filters", "gate"},
    {"views", "admin", "checks"},
    {"urls", "apps", "management"},
]


def modules(app: str):
    for path in sorted((ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def imported(path: Path):
    """Absolute dotted names that a module imports, relative ones resolved; those only for type checking left out."""
    tree = ast.parse(path.read_text())
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in _run_time_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def _run_time_nodes(node: ast.AST):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _run_time_nodes(child)


def layer(parts: tuple[str, ...]) -> int | None:
    """The place of a module inside its app: of accounts/services/people.py that of services."""
    for place, names in enumerate(LAYERS):
        if parts and (parts[0] in names or (parts[0].startswith("urls_") and "urls" in names)):
            return place
    return None


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_lower_apps(app):
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(app)
        for name in imported(path)
        if name.split(".")[0] in APPS and name.split(".")[0] not in APPS[app] | {app}
    }
    assert wrong == set()


@pytest.mark.parametrize("app", [app for app in APPS if app != "config"])
def test_a_module_imports_only_leftwards(app):
    wrong = set()
    for path in modules(app):
        here = layer(path.relative_to(ROOT / app).with_suffix("").parts)
        for name in imported(path):
            parts = tuple(name.split("."))
            if parts[0] == app and here is not None:
                there = layer(parts[1:])
                if there is not None and there > here:
                    wrong.add(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == set()


@pytest.mark.parametrize("app", [app for app in APPS if app != "config"])
def test_every_module_has_a_place(app):
    homeless = {
        str(path.relative_to(ROOT))
        for path in modules(app)
        if path.name != "__init__.py" and layer(path.relative_to(ROOT / app).with_suffix("").parts) is None
    }
    assert homeless == set()


def test_the_service_knows_nothing_of_what_measures_or_tests_it():
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for app in APPS
        for path in modules(app)
        for name in imported(path)
        if name.split(".")[0] in {"bench", "tests", "scripts"}
    }
    assert wrong == set()


def test_no_module_is_crowded():
    long = {
        f"{path.relative_to(ROOT)}: {len(path.read_text().splitlines())} lines"
        for app in (*APPS, "bench", "scripts")
        for path in modules(app)
        if len(path.read_text().splitlines()) > 400
    }
    assert long == set()


def test_nobody_reads_the_clock_past_the_one_clock():
    """DEMO_TODAY and tests could not fix a day that is read elsewhere."""
    wrong = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in modules(app)
        if path.name != "clock.py"
        and any(call in path.read_text() for call in ("date.today(", "timezone.now(", "datetime.now(", "localdate("))
    }
    assert wrong == set()


def test_guardian_is_entered_by_one_door():
    """Queries of guardian's own that ignore the Scope, or turn slow at scale, are not used at all."""
    forbidden = ("get_objects_for_user", "PermissionListMixin", "PermissionRequiredMixin", "add_obj_perm")
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for app in APPS
        for path in modules(app)
        for name in forbidden
        if name in path.read_text()
    }
    assert wrong == set()
