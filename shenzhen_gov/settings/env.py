"""Reads the few environment variables the portal knows, and says which one is wrong and why."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import make_conninfo

BASE_DIR = Path(__file__).resolve().parents[2]
# What Django's driver takes and the server knows nothing of. One pool per process: threads borrow a checked connection,
# so a database restart costs no error page. A statement met for the third time is kept prepared by the server.
DRIVER_OPTIONS = {
    "pool": {"min_size": 1, "max_size": 10, "timeout": 20},
    "server_side_binding": True,
    "prepare_threshold": 2,
}
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")


def database(name: str, default: str = "") -> dict:
    """Return Django's settings for the database named by the environment variable `name`.

    Raises ImproperlyConfigured naming the variable when its value is no PostgreSQL address.
    """
    url = os.environ.get(name) or default
    try:
        config: dict = dict(dj_database_url.parse(url, conn_health_checks=True))
    except Exception as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name}: must start with postgresql://, not {url.split(':')[0]!r}")
    config["OPTIONS"] = {**config.get("OPTIONS", {}), **DRIVER_OPTIONS}
    return config


def storage(url: str) -> dict:
    """Return Django's settings for where files are kept: the folder of MEDIA_ROOT, or an S3-compatible store.

    The store is given as s3://bucket/folder?endpoint=https://host&region=name (core/storage.py); raises
    ImproperlyConfigured for anything else.
    """
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.netloc or given.keys() - {"endpoint", "region"}:
        raise ImproperlyConfigured("STORAGE_URL: must be s3://bucket/folder?endpoint=https://host&region=name")
    options: dict[str, str | None] = {"bucket_name": parts.netloc, "location": parts.path.strip("/")}
    options |= {"endpoint_url": given.get("endpoint"), "region_name": given.get("region")}
    return {"BACKEND": "shenzhen_gov.core.storage.PrivateStore", "OPTIONS": options}


def store_origin(config: dict) -> list[str]:
    """Return the origin that browsers load files from, for the content security policy; none for the folder."""
    options = config.get("OPTIONS")
    if not options:
        return []
    parts = urlsplit(options["endpoint_url"] or f"https://s3.{options['region_name']}.amazonaws.com")
    return [f"{parts.scheme}://{parts.netloc}"]


SMS_GATEWAYS = {"console": "ConsoleGateway", "file": "FileGateway", "https": "HttpGateway", "http": "HttpGateway"}


def sms_gateway(given: str) -> str:
    """Return the gateway that serves SMS: `console`, `file`, or the address of a provider.

    Raises ImproperlyConfigured for anything else.
    """
    kind = given.partition("://")[0]
    if kind not in SMS_GATEWAYS:
        raise ImproperlyConfigured("SMS_GATEWAY: must be console, file or an address that starts with https://")
    return f"grid.gateways.{SMS_GATEWAYS[kind]}"


def mail(url: str) -> dict:
    """Return Django's mail settings of smtp://user:password@host:port?tls=1, and the gateway that serves mail.

    Empty or `file`: mail goes into the message file, as SMS does by default. Raises ImproperlyConfigured for
    anything else.
    """
    if url in ("", "file", "console"):
        return {"gateway": f"grid.gateways.{SMS_GATEWAYS[url or 'file']}"}
    parts = urlsplit(url)
    if parts.scheme != "smtp" or not parts.hostname:
        raise ImproperlyConfigured("MAIL_URL: must be file, console or smtp://user:password@host:port?tls=1")
    given = dict(parse_qsl(parts.query))
    return {
        "gateway": "grid.gateways.MailGateway",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": given.get("tls") == "1",
        "DEFAULT_FROM_EMAIL": given.get("from", "webmaster@localhost"),
    }


def broker(database_config: dict) -> tuple[str, dict]:
    """Return Celery's broker address and transport options: BROKER_URL, or a queue on the same database.

    A BROKER_URL of pgmq://user:password@host:port/name is a queue on another PostgreSQL with that extension.
    """
    url = os.environ.get("BROKER_URL")
    if url and not url.startswith("pgmq://"):
        return url, ({"unacked_restore_interval": 5} if url.startswith("redis") else {})
    options = {
        "conn_string": libpq_string(dict(dj_database_url.parse(f"postgresql{url[4:]}")) if url else database_config),
        "init_extension": False,
        "polling_interval": 0.05,
        "wait_time_seconds": 0,  # a long poll holds a lock that the first publisher of a process would wait for
        "pool_size": 2,
        "visibility_timeout": 300,
    }
    return "pgmq://localhost", options  # the address itself stands in conn_string


def libpq_string(config: dict) -> str:
    """Return the database settings as the connection string of the queue.

    pgmq takes the string apart and pastes the values together again without quoting them, and drops every option but
    five: so each value is quoted once more, and the options ride on the name of the database.
    """
    options = {name: str(value) for name, value in config.get("OPTIONS", {}).items() if name not in DRIVER_OPTIONS}
    values = {
        "host": _quoted(config.get("HOST") or "localhost"),
        "port": _quoted(str(config.get("PORT") or 5432)),
        "user": _quoted(config.get("USER") or ""),
        "password": _quoted(config.get("PASSWORD") or ""),
        "dbname": " ".join([_quoted(config["NAME"]), *(f"{name}={_quoted(options[name])}" for name in options)]),
    }
    return make_conninfo(**values)


def _quoted(value: str) -> str:
    """Return a value of a libpq connection string in quotes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
