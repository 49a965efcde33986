"""A production portal refuses to start with anything of a sample set-up."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from grid.tests.factories import make_staff
from shenzhen_gov import checks

GOOD = {
    "DJANGO_SETTINGS_MODULE": "shenzhen_gov.settings.production",
    "SECRET_KEY": "0123456789" * 6,
    "FIELD_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgresql://portal@127.0.0.1/portal",
}


def start(**changed):
    """Load the production settings in a process of its own; returns what it said."""
    given = {name: value for name, value in (GOOD | changed).items() if value}
    done = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG; print('started')"],
        env={"PATH": os.environ["PATH"], **given}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_proper_settings_start():
    assert "started" in start()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "development-only-not-a-secret-but-long-enough-to-pass-for-one"),
        ("FIELD_KEYS", ""),
        ("DEBUG", "1"),
        ("ALLOWED_HOSTS", ""),
        ("DATABASE_URL", "mysql://portal@127.0.0.1/portal"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(name, value):
    said = start(**{name: value})
    assert "started" not in said
    assert f"{name}:" in said


@pytest.fixture
def production(settings, monkeypatch):
    settings.SAMPLE_SETUP = False
    monkeypatch.setattr(checks.connection, "close", lambda: None)


@pytest.mark.django_db
def test_a_database_with_sample_accounts_is_refused(production):
    make_staff("agent", is_sample=True)
    with pytest.raises(ImproperlyConfigured):
        checks.refuse_sample_accounts()


@pytest.mark.django_db
def test_a_database_without_them_is_served(production):
    make_staff("agent")
    checks.refuse_sample_accounts()


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["load_sample", "sample_accounts"])
def test_sample_data_is_refused(production, command):
    with pytest.raises(CommandError):
        call_command(command)
