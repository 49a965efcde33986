"""Reading intake's reference data."""

from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from intake.choices import LookupKind
from shenzhen_gov.core.csv_files import bad_row, read_rows
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined

from .services import ChannelRow, StandardTextRow
from .services.article_loading import ArticleRow
from .services.article_texts import ArticleText
from .services.connectors import ConnectorRow, check_shown
from .services.refusal_reasons import ReasonRow

DATA = Path(__file__).resolve().parent / "data"
STANDARD_TEXT_COLUMNS = ["code", "kind", "title", "text", "order", "source"]
CONNECTOR_COLUMNS = ["code", "name", "name_en", "kind", "url", "key_name", "shown", "seconds", "source"]
ARTICLE_COLUMNS = ["code", "title", "questions", "body"]
REASON_COLUMNS = ["code", "name", "name_en", "told", "order", "source"]
CHANNEL_COLUMNS = ["code", "name", "name_en", "origin", "default_urgency", "default_type", "rights", "quota"]
CHANNEL_COLUMNS += ["needs_signature", "is_listed", "order", "source"]
FLAGS = {"0": False, "1": True}


def read_channels(path: Path = DATA / "channels.csv") -> list[ChannelRow]:
    """Return the channels of a file. Raises BadInput naming the row and the column."""
    rows: list[ChannelRow] = []
    seen: dict[str, set[str]] = {"code": set(), "origin": set()}
    for number, row in read_rows(path, CHANNEL_COLUMNS):
        if not row["order"].isdigit():
            raise bad_row(number, "order", _("must be a number"))
        for column, values in seen.items():
            if row[column] in values:
                raise bad_row(number, column, _("“%(value)s” stands in the file twice") % {"value": row[column]})
            values.add(row[column])
        rows.append(_channel_row(number, row))
    return rows


def _channel_row(number: int, row: dict[str, str]) -> ChannelRow:
    """Return one channel; its call-back address is no reference data, an administrator enters it."""
    for column in ("needs_signature", "is_listed"):
        if row[column] not in FLAGS:
            raise bad_row(number, column, _("must be 0 or 1"))
    quota = row["quota"]
    if quota and not (quota.isascii() and quota.isdigit() and len(quota) < 10):
        raise bad_row(number, "quota", _("must be a number"))
    return ChannelRow(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        origin=row["origin"],
        default_urgency=row["default_urgency"],
        default_type=row["default_type"],
        rights=row["rights"].split(),
        quota=int(quota) if quota else None,
        needs_signature=FLAGS[row["needs_signature"]],
        is_listed=FLAGS[row["is_listed"]],
        order=int(row["order"]),
        source=row["source"],
    )


def read_standard_texts(path: Path = DATA / "standard_texts.csv") -> list[StandardTextRow]:
    """Return the standard texts of a file. Raises BadInput naming the row and the column."""
    rows: dict[str, StandardTextRow] = {}
    for number, row in read_rows(path, STANDARD_TEXT_COLUMNS):
        if not (row["order"].isascii() and row["order"].isdigit()):
            raise bad_row(number, "order", _("must be a number"))
        if row["code"] in rows:
            raise bad_row(number, "code", _("“%(value)s” stands in the file twice") % {"value": row["code"]})
        order = int(row.pop("order"))
        rows[row["code"]] = StandardTextRow(**row, order=order)  # type: ignore[arg-type]
    return list(rows.values())


def read_refusal_reasons(path: Path = DATA / "refusal_reasons.csv") -> list[ReasonRow]:
    """Return the reasons for refusing of a file. Raises BadInput naming the row and the column."""
    rows: list[ReasonRow] = []
    for number, row in read_rows(path, REASON_COLUMNS):
        if not row["order"].isdecimal():
            raise bad_row(number, "order", _("must be a number"))
        if row["code"] in {one.code for one in rows}:
            raise bad_row(number, "code", _("“%(value)s” stands in the file twice") % {"value": row["code"]})
        order = int(row.pop("order"))
        rows.append(ReasonRow(**row, order=order))  # type: ignore[arg-type]
    return rows


def read_lookup_connectors(path: Path = DATA / "lookup_connectors.csv") -> list[ConnectorRow]:
    """Return the connectors of a file, all of them off. Raises BadInput naming the row and the column."""
    rows: list[ConnectorRow] = []
    for number, row in read_rows(path, CONNECTOR_COLUMNS):
        if not (row["seconds"].isdecimal() and 0 < int(row["seconds"]) <= 20):
            raise bad_row(number, "seconds", _("must be a number"))
        if row["kind"] not in LookupKind.values:
            raise bad_row(number, "kind", _("must be one of: %(values)s") % {"values": joined(LookupKind.values)})
        shown = [one.split("|") for one in row.pop("shown").split(";")]
        try:
            check_shown(shown)
        except BadInput as fault:
            raise bad_row(number, "shown", fault.text) from fault
        rows.append(ConnectorRow(**{**row, "seconds": int(row["seconds"]), "shown": shown}))  # type: ignore[arg-type]
    return rows


def read_articles(path: Path = DATA / "sample_articles.csv", *, valid_from: date) -> list[ArticleRow]:
    """Return the articles of a file; other wordings stand with bars between. Raises BadInput naming row and column."""
    rows: list[ArticleRow] = []
    for number, row in read_rows(path, ARTICLE_COLUMNS):
        if row["code"] in {one.code for one in rows}:
            raise bad_row(number, "code", _("“%(value)s” stands in the file twice") % {"value": row["code"]})
        for column in ("code", "title", "body"):
            if not row[column]:
                raise bad_row(number, column, _("must not be empty"))
        questions = tuple(one.strip() for one in row["questions"].split("|") if one.strip())
        text = ArticleText(title=row["title"], body=row["body"], questions=questions, valid_from=valid_from)
        rows.append(ArticleRow(row["code"], text))
    return rows
