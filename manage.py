#!/usr/bin/env python
"""Run a management command."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.environment import SettingMissing

    try:
        execute_from_command_line(sys.argv)
    except SettingMissing as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
