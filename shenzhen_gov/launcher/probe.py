"""Asks a database what it is. Run by the venv's Python: the only module that needs an installed package.

Reads the address on standard input, so that a password is on no command line; writes one JSON object.
"""

from __future__ import annotations

import json
import sys

QUESTION = "SELECT U&'\\6df1' ~ '^\\w$'"  # true only when the ctype knows that 深 is a letter


def ask(url: str) -> dict:
    """Return version, encoding and whether the ctype knows Chinese letters; or the error."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            # In another encoding the question cannot even be asked.
            encoding = connection.info.parameter_status("server_encoding") or "unknown"
            letters = encoding == "UTF8" and connection.execute(QUESTION).fetchall()[0][0]
            version = connection.info.server_version
    except (psycopg.Error, UnicodeError) as error:
        return {"error": " ".join(str(error).split())}
    return {"version": version, "encoding": encoding, "knows_letters": letters}


if __name__ == "__main__":
    print(json.dumps(ask(sys.stdin.read().strip())))
