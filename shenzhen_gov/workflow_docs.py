"""docs/workflow.md: the tables of every life cycle as people read them, in English with the Chinese beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from grid.choices import Act
from shenzhen_gov.core.workflow import Move, Workflow, find_workflows

PATH = Path("docs") / "workflow.md"
HEAD = """# Life cycles

Rendered by `manage.py render_workflow` from every app's `workflow.py`; a test fails when this page is stale.
"Who" lists acts held at a unit (grid/choices.py) and, in *italics*, the system, inbound channels and citizens.
"To" — means that the state stays. "Rule" says where a row comes from: F a public source, S seen in a running system,
P our own proposal (docs/glossary.md).
"""
Texts = Callable[[object], str]


def render() -> str:
    """Return the text of the page."""
    chinese = _catalogue()
    with translation.override(None):  # labels as they stand in the source
        return "\n".join([HEAD, *(_workflow(workflow, chinese) for workflow in find_workflows())])


def path() -> Path:
    """Return where the page is kept."""
    return Path(settings.BASE_DIR) / PATH


def _workflow(workflow: Workflow, chinese: Texts) -> str:
    moves = list(workflow.moves.values())
    states = [f"| `{code}` | {label} | {chinese(label)} |" for code, label in workflow.states.items()]
    return "\n".join(
        [
            f"## {workflow.name}",
            "",
            *_diagram(workflow, chinese),
            "",
            "| State | English | 中文 |",
            "|---|---|---|",
            *states,
            "",
            "| Move | English | 中文 | From | To | Who | Needs | Rule |",
            "|---|---|---|---|---|---|---|---|",
            *(_row(move, chinese) for move in moves),
            "",
        ]
    )


def _diagram(workflow: Workflow, chinese: Texts) -> list[str]:
    arrows = [
        f"  {state} --> {move.to_state}: {chinese(move.label)}"
        for move in workflow.moves.values()
        if move.to_state
        for state in move.from_states
    ]
    names = [f'  state "{chinese(label)} {code}" as {code}' for code, label in workflow.states.items()]
    return ["```mermaid", "stateDiagram-v2", *names, f"  [*] --> {workflow.start}", *arrows, "```"]


def _row(move: Move, chinese: Texts) -> str:
    who = [f"{Act(act).label} {chinese(Act(act).label)}" if act in Act.values else f"*{act}*" for act in move.acts]
    cells = [
        f"`{move.name}`",
        move.label,
        chinese(move.label),
        _codes(move.from_states),
        f"`{move.to_state}`" if move.to_state else "—",
        ", ".join(who),
        _codes(move.needs) or "—",
        move.why,
    ]
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _catalogue() -> Texts:
    """Return the look-up of Chinese texts: from the catalogue's source, so that nothing need be compiled."""
    with (Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")

    texts = {
        (message.context, message.id) if message.context else (message.id,): message.string for message in catalogue
    }

    def chinese(label: object) -> str:
        said = getattr(label, "_args", (str(label),))  # of a lazy text: its context, if it has one, and the word
        return str(texts.get(said) or "—")

    return chinese
