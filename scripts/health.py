"""Ask this container's own web server whether it is well: the health check of docker-compose.yml.

The request bears a host name that ALLOWED_HOSTS lets in, as Django refuses any other.
"""

import os
import sys
import urllib.request


def host(allowed: str) -> str:
    """A name that the list lets in: its first; a leading dot stands for every subdomain, a star for every host."""
    first = allowed.split(",")[0].strip()
    return "localhost" if first in {"", "*"} else first.removeprefix(".")


def main() -> int:
    port = os.environ.get("PORT") or "8000"
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/health/", headers={"Host": host(os.environ.get("ALLOWED_HOSTS", ""))}
    )
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except OSError as failed:  # refused, too late, or an error page
        print(failed, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
