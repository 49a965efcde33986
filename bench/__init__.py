"""The measurements: `python -m bench [app or benchmark …]`, see docs/how-to/bench.md.

A benchmark is a file `<app>_<name>.py` with `run(ctx) -> list[Result]`. Each runs in a process of its own, on a
database of its own that is copied from a template with the sample city.
"""
