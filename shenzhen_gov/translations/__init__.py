"""Translations without gettext's programs: collecting texts, keeping the catalogues, compiling them.

English texts are the msgids; `locale/zh_Hans` is the translation users read, `locale/en` repeats the msgids so that
both catalogues are complete. Used by `manage.py messages`.
"""
