"""static/vendor/ holds exactly what the pages use, and all of it can be collected for production."""

import json
import re
from pathlib import Path, PurePosixPath

import pytest
from django.conf import settings
from django.core.management import call_command

from scripts import vendor_assets

PROJECT = Path(settings.BASE_DIR)
STATIC = PROJECT / "static"
VENDOR = STATIC / "vendor"

STATIC_TAG = re.compile(r"""\{%\s*static\s+["']([^"']+)["']\s*%\}""")
JS_IMPORT = re.compile(r"""from\s+['"]\./([^'"]+)['"]""")
CSS_URL = re.compile(r"""url\(["']?(?!data:|#)([^)"']+)["']?\)""")


def named_in_templates() -> set[str]:
    templates = (PROJECT / "templates").rglob("*.html")
    return {name for template in templates for name in STATIC_TAG.findall(template.read_text())}


def named_in_style_sheet(name: str) -> set[str]:
    """Image addresses resolved against the style sheet's own folder."""
    folder = PurePosixPath(name).parent
    return {(folder / url).as_posix() for url in CSS_URL.findall((STATIC / name).read_text())}


def needed() -> set[str]:
    named = named_in_templates()
    named |= set(JS_IMPORT.findall((STATIC / "app.js").read_text()))
    for style_sheet in [name for name in named if name.endswith(".css")]:
        named |= named_in_style_sheet(style_sheet)
    return named


@pytest.fixture(autouse=True)
def _assets_are_there():
    stamp = vendor_assets.wanted_stamp()
    assert vendor_assets.is_up_to_date(stamp, production=True), "Run: python scripts/vendor_assets.py"


def test_vendor_holds_exactly_what_pages_and_style_sheets_name():
    files = {path.relative_to(STATIC).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert files - {"vendor/.stamp"} == {name for name in needed() if name.startswith("vendor/")}


def test_every_file_that_is_named_exists():
    assert [name for name in sorted(needed()) if not (STATIC / name).is_file()] == []


@pytest.mark.parametrize("unwanted", ["sourceMappingURL", "@font-face", "govuk-crest", "/assets/"])
def test_what_may_not_be_served_is_taken_out(unwanted):
    files = [path for path in VENDOR.rglob("*") if path.suffix in {".css", ".js"}]
    assert len(files) == len(vendor_assets.TEXT_FILES)
    assert [path.name for path in files if unwanted in path.read_text()] == []


def test_cleaning_changes_nothing_else():
    before = (
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}@font-face{font-family:Other}"
        ".a{background:url(/assets/images/icon.svg)}.b{mask:url(/assets/images/govuk-crest.svg)}"
        "\n/*# sourceMappingURL=a.css.map */\n"
    )
    after = "@font-face{font-family:Other}.a{background:url(images/icon.svg)}.b{mask:none}"
    assert vendor_assets.cleaned(before) == after
    assert vendor_assets.cleaned("f();//# sourceMappingURL=a.js.map") == "f();"


@pytest.mark.slow
def test_all_static_files_can_be_collected_for_production(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "config.static_files.HashedStaticFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert [name for name in needed() if name not in hashed] == []
    assert [name for name in hashed if ".stamp" in name or "axe" in name] == []
    imported = set(JS_IMPORT.findall((tmp_path / hashed["app.js"]).read_text()))
    assert imported == {
        hashed[name] for name in needed() if name.startswith(("vendor/govuk/", "vendor/moj/")) and name.endswith(".js")
    }


def test_the_lock_names_no_host_and_pins_every_package():
    text = (PROJECT / "package-lock.json").read_text()
    assert "://" not in text
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []


def test_npm_of_the_wheel_serves_where_the_machine_has_none(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(vendor_assets.sys, "executable", str(tmp_path / "bin" / "python"))
    with pytest.raises(SystemExit, match="npm is missing"):
        vendor_assets.npm()
    wheel = tmp_path / "bin" / "npm"
    wheel.parent.mkdir()
    wheel.touch(mode=0o755)
    assert vendor_assets.npm() == str(wheel)


def test_nothing_is_up_to_date_after_a_change_of_the_lock_or_a_lost_file(monkeypatch, tmp_path):
    monkeypatch.setattr(vendor_assets, "VENDOR", tmp_path)
    monkeypatch.setattr(vendor_assets, "STAMP", tmp_path / ".stamp")
    assert not vendor_assets.is_up_to_date("one", production=True)
    for name in vendor_assets.TEXT_FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".stamp").write_text("one")
    assert vendor_assets.is_up_to_date("one", production=True)
    assert not vendor_assets.is_up_to_date("two", production=True)
    (tmp_path / "htmx" / "htmx.min.js").unlink()
    assert not vendor_assets.is_up_to_date("one", production=True)
