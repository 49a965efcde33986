"""`python -m bench.plain.tables`: make the four tables in the database named by DATABASE_URL."""

import os

import django


def main() -> None:
    """Make the tables."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.plain.settings"
    django.setup()
    from django.apps import apps
    from django.db import connection

    with connection.schema_editor() as editor:
        for model in apps.get_app_config("plain").get_models():
            editor.create_model(model)
    connection.close_pool()


if __name__ == "__main__":
    main()
