"""A report as PDF, by reportlab alone: no program and no font has to be on the server.

Chinese is set in STSong-Light, one of the fonts every reader brings or replaces (it is named in the file, not put into
it); everything in Latin letters, and so every figure, in Helvetica, whose widths are the same everywhere.
"""

from __future__ import annotations

import io
import re
from functools import cache, partial
from xml.sax.saxutils import escape

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import CondPageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from .document import Document, Section, shown

CHINESE, LATIN, LATIN_BOLD = "STSong-Light", "Helvetica", "Helvetica-Bold"
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
LATIN_RUN = re.compile(r"([\x20-\x7e\xa0-\xff]+)")
# Quotes and dashes are as wide as a Chinese sign in Chinese only.
QUOTED_RUN = re.compile(r"([\x20-\x7e\xa0-\xff\u2013-\u201d]+)")
INK, FAINT, LINE, GROUND = (colors.HexColor(code) for code in ("#0f172a", "#475569", "#cbd5e1", "#f1f5f9"))
MARGIN, FOOT = 18 * mm, 10 * mm
PADDING = 6  # points of a frame, on either side
HEADING = 40 * mm  # a heading stands above at least so much
NARROW = 0.11  # of the width, for a column of numbers; the others share the rest


def report_pdf(document: Document) -> bytes:
    """Return the report as the bytes of a PDF file."""
    _register_fonts()
    file = io.BytesIO()
    template = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN + FOOT,
        title=document.title, subject=document.period, creator="shenzhen_gov", invariant=1,
    )  # fmt: skip
    as_of = _("Figures as of %(at)s") % {"at": document.as_of}
    story = [
        _text(document.title, _style(18, 24, bold=True)),
        _text(f"{document.period} · {as_of}", _style(9.5, 14, color=FAINT)),
        Spacer(1, 4 * mm),
    ]
    for section in document.sections:
        story += _section(section, template.width - 2 * PADDING)
    foot = partial(_foot, document)
    template.build(story, onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def _section(section: Section, width: float) -> list:
    story = [CondPageBreak(HEADING), _text(section.title, _style(13, 18, bold=True, before=10, after=4))]
    story += [_text(sentence, _style(10.5, 16, after=3)) for sentence in section.sentences]
    if section.rows:
        story.append(_table(section, width))
    if section.note:
        story.append(_text(section.note, _style(8.5, 12, color=FAINT, before=3)))
    return story


def _table(section: Section, width: float) -> Table:
    left, right = _style(9, 12), _style(9, 12, right=True)
    head_left, head_right = _style(8.5, 11, bold=True, color=FAINT), _style(8.5, 11, bold=True, color=FAINT, right=True)

    def line(cells, styles) -> list[Paragraph]:
        return [_text(shown(cell), styles[place in section.numeric]) for place, cell in enumerate(cells)]

    rows = [line(section.columns, (head_left, head_right)), *(line(row, (left, right)) for row in section.rows)]
    table = Table(rows, colWidths=_widths(section, width), repeatRows=1)
    table.setStyle(TableStyle([
        ("BACKGROUND", (0, 0), (-1, 0), GROUND), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3), ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]))  # fmt: skip
    return table


def _widths(section: Section, width: float) -> list[float]:
    """Return the width of each column: numbers narrow, texts by their longest one."""
    lengths = {
        place: min(60, max(len(shown(row[place])) for row in [section.columns, *section.rows]))
        for place in range(len(section.columns)) if place not in section.numeric
    }  # fmt: skip
    rest = width * (1 - NARROW * len(section.numeric))
    floor = 10  # a short word as a heading, or a version number, needs some room beside a sentence
    total = sum(max(floor, length) for length in lengths.values())
    return [
        rest * max(floor, lengths[place]) / total if place in lengths else width * NARROW
        for place in range(len(section.columns))
    ]


def _foot(document: Document, canvas, template) -> None:
    """Write the name of the report and the number of the page."""
    canvas.saveState()
    words = pgettext("report", "Page %(number)s") % {"number": template.page}
    for text, right in ((document.title, False), (words, True)):
        paragraph = _text(text, _style(8.5, 11, color=FAINT, right=right))
        paragraph.wrap(A4[0] - 2 * (MARGIN + PADDING), FOOT)
        paragraph.drawOn(canvas, MARGIN + PADDING, MARGIN)
    canvas.restoreState()


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    """Return a paragraph, what is Latin in it set in the Latin face; only Chinese is broken between any two signs."""
    is_chinese = (get_language() or "").startswith("zh")
    latin = LATIN_BOLD if style.name == "bold" and not (is_chinese and CJK.search(text)) else LATIN
    if not CJK.search(text):
        return Paragraph(escape(text), style.clone(style.name, fontName=latin, wordWrap=None))
    runs = (
        f'<font name="{latin}">{escape(run)}</font>' if number % 2 else escape(run)
        for number, run in enumerate((LATIN_RUN if is_chinese else QUOTED_RUN).split(text))
    )
    return Paragraph("".join(runs), style)


@cache
def _style(
    size: float, leading: float, *, bold: bool = False, color=INK, right: bool = False, before: float = 0,
    after: float = 0,
) -> ParagraphStyle:  # fmt: skip
    return ParagraphStyle(
        "bold" if bold else "plain", fontName=CHINESE, fontSize=size, leading=leading, textColor=color,
        alignment=TA_RIGHT if right else 0, spaceBefore=before, spaceAfter=after, wordWrap="CJK",
    )  # fmt: skip


@cache
def _register_fonts() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
