"""Which lines may stand in a batch. Every fault is collected, none stops the others from being found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dutylist.choices import ENDING, LineKind, OpenCasePolicy
from dutylist.cleaning import clean_value, columns_of, reason_of
from dutylist.content import Content, empty_content, same_rows
from dutylist.lines.contents import laid_over
from dutylist.lines.ground import Ground
from dutylist.lines.input import LineFault, NewLine
from dutylist.lines.rows import check_rows, clean_rows
from dutylist.models import BatchLine, Item, ItemVersion

_COLUMNS = columns_of(BatchLine)
CODE_LIMIT = 36  # a catalogue entry is called by the code with a prefix


class LineRules:
    """Judges lines one after the other; `faults` are what is wrong with them."""

    def __init__(self, ground: Ground, lines: Sequence[NewLine], *, overwrite: bool):
        self.ground = ground
        self.overwrite = overwrite
        self.faults: list[LineFault] = []
        given = {line.code for line in lines}
        kept = [line for line in ground.lines.values() if line.kind == LineKind.ADD and line.code not in given]
        self.added = {line.code for line in lines if line.kind == LineKind.ADD} | {line.code for line in kept}
        self.claimed = {_claim(line.after, line.narrows_id): line.code for line in kept}  # place → code
        self.seen: set[str] = set()
        self.index, self.line = 0, NewLine("", "")

    def judge(self, index: int, line: NewLine) -> BatchLine | None:
        """Return the line to be stored, or None when something is wrong with it."""
        self.index, self.line, before = index, line, len(self.faults)
        self._once()
        note, policy = self._column("note", line.note), self._column("policy", line.policy or usual_policy(line.kind))
        if line.kind == LineKind.ADD:
            found = self._add()
        elif line.kind in ENDING:
            found = self._end()
        else:
            found = self._change()
        if found is None or len(self.faults) > before:
            return None
        found.batch, found.kind, found.code = self.ground.batch, LineKind(line.kind), line.code
        found.note, found.policy = note, policy
        return found

    def _add(self) -> BatchLine | None:
        """新增: a code that is free, or that of an item which ended, at its old place."""
        item, before = self.ground.items.get(self.line.code), self.ground.version_of(self.line.code)
        if item and not (self.ground.is_own(item) and before and before.is_retired):
            self._say("code", _("The code is taken."))
            return None
        if len(self.line.code) > CODE_LIMIT:
            self._say("code", _("At most %(limit)s characters.") % {"limit": CODE_LIMIT})
        narrows = self._narrowed(item)
        if self.line.narrows and narrows is None:
            return None
        start = self._place_of(narrows or item)
        content = self._content(start, before)
        if (item or narrows) and any(content[level] != start[level] for level in ("level1", "level2")):
            self._say("level1", _("The place of %(item)s is for ever.") % {"item": item or narrows})
        self._check_place(content, narrows)
        return self._line(item, before, narrows, content)

    def _change(self) -> BatchLine | None:
        """变更, 移交: something must read differently; a transfer must name other units."""
        item, before = self._own_item()
        if item is None or before is None:
            return None
        start = {**self.ground.contents[before.pk], "rows": None}
        content = self._content(start, before)
        for level in ("level1", "level2"):
            if content[level] != start[level]:
                self._say(level, _("The place of an item is for ever; end the item and add another one."))
        if self.line.kind == LineKind.TRANSFER and content["rows"] is None:
            self._say("rows", _("A transfer names other responsible units."))
        elif content == start:
            self._say("code", _("The line changes nothing."))
        return self._line(item, before, item.narrows, content)

    def _end(self) -> BatchLine | None:
        """合并, 拆分, 废置: the item ends; its cases go to its successors."""
        item, before = self._own_item()
        after = {"successors": self._successors()}
        if self.line.changes:
            self._say("kind", _("An item that ends is not changed as well."))
        if item is None or before is None:
            return None
        return BatchLine(item=item, before=before, narrows=item.narrows, name=before.name, after=after)

    def _line(self, item: Item | None, before: ItemVersion | None, narrows: Item | None, content: Content) -> BatchLine:
        if self.line.successors:
            self._say("successors", _("Only an item that ends names what takes over."))
        after = {**content, "successors": []}
        return BatchLine(item=item, before=before, narrows=narrows, name=content["name"], after=after)

    def _own_item(self) -> tuple[Item | None, ItemVersion | None]:
        """Return the item and its newest version, when it is one this batch may touch."""
        item, newest = self.ground.items.get(self.line.code), self.ground.version_of(self.line.code)
        if item is None or newest is None or not self.ground.is_known(item):
            self._say("code", _("There is no such item."))
        elif not self.ground.is_own(item):
            text = _("The item is on the list of %(area)s; another list can only narrow it.")
            self._say("code", text % {"area": item.owner_area})
        elif newest.is_retired:
            self._say("code", _("The item has ended."))
        elif newest.effective_from > self.ground.on:
            text = _("The newest version takes effect on %(day)s only; choose that day or a later one.")
            self._say("code", text % {"day": newest.effective_from})
        else:
            return item, newest
        return None, None

    def _narrowed(self, item: Item | None) -> Item | None:
        """Return the item of a wider list that a new overlay narrows; an overlay that ended narrows the same again."""
        code = self.line.narrows or (item.narrows.code if item and item.narrows else "")
        if not code:
            return None
        wide, version = self.ground.items.get(code), self.ground.version_of(code)
        if wide is None or version is None or not self.ground.is_around(wide) or self.ground.is_own(wide):
            self._say("narrows", _("There is no such item on the list of an area around."))
            return None
        other = self.ground.overlays.get(wide.pk, self.line.code)
        if wide.narrows_id or version.is_retired:
            self._say("narrows", _("The item has ended, or narrows another one itself."))
        elif other != self.line.code or (item and item.narrows_id != wide.pk):
            self._say("narrows", _("%(code)s narrows it already.") % {"code": other})
        else:
            return wide
        return None

    def _place_of(self, like: Item | None) -> Content:
        """Return the content that the changes of a new item are laid over; its place, where that is given."""
        version = self.ground.newest.get(like.pk) if like else None
        if version is None:
            return empty_content()
        known = self.ground.contents[version.pk]
        return empty_content() | {name: known[name] for name in ("level1", "level2", "name")}

    def _check_place(self, content: Content, narrows: Item | None) -> None:
        """A place is complete, and stands for one item."""
        for level in ("level1", "level2"):
            if not content[level]:
                self._say(level, _("The place in the list is missing."))
        claim = _claim(content, narrows.pk if narrows else None)
        taken = self.claimed.setdefault(claim, self.line.code)
        if not narrows:
            taken = self.ground.paths.get(claim, taken)
        if taken != self.line.code:
            text = _("“%(name)s” is already the item %(code)s") % {"name": content["name"], "code": taken}
            self._say("name", text)

    def _content(self, start: Content, before: ItemVersion | None) -> Content:
        content = laid_over(start, self.line.changes, self._say)
        given = self.line.changes.get("rows")
        if given is not None:
            content["rows"] = clean_rows(given, self._say)
            check_rows(content["rows"], self.ground, self._say)
            if before and same_rows(self.ground.rows.get(before.rows_id, []), content["rows"]):
                content["rows"] = None
        return content

    def _successors(self) -> list[str]:
        """Return the codes of what takes over. Each must be in force around here, or be added by this batch."""
        codes = list(dict.fromkeys(self.line.successors))
        if self.line.kind == LineKind.MERGE and len(codes) != 1:
            self._say("successors", _("A merger names exactly one item that takes over."))
        if self.line.kind == LineKind.SPLIT and len(codes) < 2:
            self._say("successors", _("A split names two or more items that take over."))
        for code in codes:
            item, version = self.ground.items.get(code), self.ground.version_of(code)
            if code == self.line.code:
                self._say("successors", _("An item cannot take over from itself."))
            elif code in self.added:
                continue
            elif item is None or version is None or not self.ground.is_around(item):
                self._say("successors", _("There is no item %(code)s.") % {"code": code})
            elif version.is_retired:
                self._say("successors", _("The item %(code)s has ended.") % {"code": code})
        return codes

    def _once(self) -> None:
        """A batch has one line for an item; an earlier one is replaced when that is what was asked for."""
        there = self.ground.lines.get(self.line.code)
        if there and not self.overwrite:
            self._say("code", _("The batch has line %(line)s about it already.") % {"line": there.position})
        if self.line.code in self.seen:
            self._say("code", _("Another line is about the same item."))
        self.seen.add(self.line.code)

    def _column(self, name: str, value: Any) -> str:
        """Return a column of the line itself, checked."""
        try:
            return clean_value(_COLUMNS[name], value)
        except ValidationError as error:
            self._say(name, reason_of(error))
            return ""

    def _say(self, field: str, text: str) -> None:
        self.faults.append(LineFault(self.line.code, field, text, self.index))


def usual_policy(*kinds: str) -> OpenCasePolicy:
    """Return what usually happens to the open cases of a line, or of one and its inverse [P]."""
    moves = any(kind == LineKind.TRANSFER or kind in ENDING for kind in kinds)
    return OpenCasePolicy.REDISPATCH if moves else OpenCasePolicy.KEEP


def _claim(content: Content, narrows_id: int | None) -> tuple:
    return (narrows_id,) if narrows_id else (content["level1"], content["level2"], content["name"])
