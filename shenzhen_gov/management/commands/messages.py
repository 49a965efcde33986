"""`manage.py messages`: collect, add, check and compile the translations, in Python alone."""

import fcntl
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shenzhen_gov.translations import catalogue, extract


class Command(BaseCommand):
    """Keep locale/*/LC_MESSAGES/django.po in step with the sources."""

    help = "Collects translatable texts into locale/ and compiles them; --add merges translations, --check only checks."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser):
        """Declare the options; without any, the catalogues are brought up to date and compiled."""
        parser.add_argument(
            "--add",
            type=Path,
            action="append",
            default=[],
            metavar="FILE.tsv",
            help="lines: msgid TAB Chinese [TAB context]",
        )
        parser.add_argument("--check", action="store_true", help="fail when a text is missing, stale or untranslated")
        parser.add_argument("--compile", action="store_true", help="only write the .mo files")
        parser.add_argument("--prune", action="store_true", help="forget translations that no text uses")

    def handle(self, *args, **options):
        """Do what was asked for, one process at a time."""
        with self._alone():
            if options["compile"]:
                return self._compile()
            texts = self._texts()
            if options["check"]:
                return self._check(texts)
            return self._update(texts, options["add"], options["prune"])

    def _update(self, texts, files: list[Path], prune: bool) -> None:
        path = catalogue.po_path(self._folder(), catalogue.CHINESE)
        memory = catalogue.memory_of(catalogue.read_catalogue(path, catalogue.CHINESE))
        for file in files:
            memory |= self._added(file, texts)
        if prune:
            memory = {key: strings for key, strings in memory.items() if key in texts}
        chinese = catalogue.build_chinese(texts, memory)
        catalogue.write_catalogue(path, chinese)
        catalogue.write_catalogue(catalogue.po_path(self._folder(), catalogue.ENGLISH), catalogue.build_english(texts))
        missing = sorted(key[1] for key in texts.keys() - memory.keys())
        self.stdout.write(f"{len(texts)} texts, {len(missing)} without Chinese, {len(chinese.obsolete)} unused")
        if self_verbose := missing[: len(missing) if files else 0]:
            self.stdout.write("\n".join(f"  without Chinese: {text!r}" for text in self_verbose))

    def _added(self, file: Path, texts) -> dict:
        try:
            added = {key: (chinese,) for key, chinese in catalogue.read_tsv(file)}
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        for key in sorted(added.keys() - texts.keys(), key=str):
            self.stderr.write(f"{file}: not (yet) in the sources, kept for later: {key[1]!r}")
        return added

    def _check(self, texts) -> None:
        path = catalogue.po_path(self._folder(), catalogue.CHINESE)
        problems = catalogue.problems_of(catalogue.read_catalogue(path, catalogue.CHINESE), texts)
        english = catalogue.read_catalogue(catalogue.po_path(self._folder(), catalogue.ENGLISH), catalogue.ENGLISH)
        problems += [f"en: {problem}" for problem in catalogue.problems_of(english, texts)]
        if problems:
            raise CommandError("\n".join([*problems, f"{len(problems)} problems; `manage.py messages` collects"]))
        self.stdout.write(f"{len(texts)} texts, all translated")

    def _compile(self) -> None:
        for locale in (catalogue.CHINESE, catalogue.ENGLISH):
            path = catalogue.po_path(self._folder(), locale)
            catalogue.compile_catalogue(path, catalogue.read_catalogue(path, locale))

    def _texts(self):
        try:
            texts = extract.package_texts() | extract.own_texts(settings.BASE_DIR)
        except extract.Unreadable as error:
            raise CommandError(str(error)) from error
        return texts

    @staticmethod
    def _folder() -> Path:
        return Path(settings.LOCALE_PATHS[0])

    @staticmethod
    @contextmanager
    def _alone():
        folder = Path(settings.VAR_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "messages.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
