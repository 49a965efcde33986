"""Collecting, adding and checking translations, on a small project of its own."""

import gettext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from shenzhen_gov.translations import catalogue, extract

SOURCE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("Case")
B = _("%(count)s rows")
C = pgettext("month", "May")
D = ngettext("%(n)s case", "%(n)s cases", 2)
"""
TEMPLATE = """{% load i18n %}
  <p>{% translate "It's “here”" %}</p>
  {% blocktranslate trimmed with name=x %}
     Hello {{ name }}
  {% endblocktranslate %}
"""
CHINESE = (
    "Case\t诉求\n%(count)s rows\t%(count)s 行\nMay\t五月\tmonth\n%(n)s case\t%(n)s 件\n"
    "It's “here”\t在此\nHello %(name)s\t你好 %(name)s\n"
)


@pytest.fixture
def project(tmp_path, settings, monkeypatch):
    (tmp_path / "intake").mkdir()
    (tmp_path / "intake" / "models.py").write_text(SOURCE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    settings.BASE_DIR, settings.VAR_DIR, settings.LOCALE_PATHS = tmp_path, tmp_path / "var", [tmp_path / "locale"]
    monkeypatch.setattr(extract, "package_texts", dict)
    return tmp_path


def messages(*options) -> str:
    out = StringIO()
    call_command("messages", *options, stdout=out, stderr=out)
    return out.getvalue()


def add(project, text=CHINESE) -> str:
    (project / "new.tsv").write_text(text)
    return messages("--add", str(project / "new.tsv"))


class TestCollecting:
    def test_finds_texts_in_modules_and_templates(self, project):
        found = extract.own_texts(project)
        assert set(found) == {
            (None, "Case"),
            (None, "%(count)s rows"),
            ("month", "May"),
            (None, "%(n)s case"),
            (None, "It's “here”"),
            (None, "Hello %(name)s"),
        }
        assert found[(None, "%(n)s case")].plural == "%(n)s cases"
        assert found[(None, "Case")].places == {"intake/models.py"}

    def test_leaves_tests_and_migrations_out(self, project):
        for folder in ("tests", "migrations"):
            (project / "intake" / folder).mkdir()
            (project / "intake" / folder / "x.py").write_text('_("Not shown")')
        assert (None, "Not shown") not in extract.own_texts(project)

    def test_names_the_file_that_does_not_parse(self, project):
        (project / "templates" / "bad.html").write_text("{% load i18n %}{% blocktranslate %}never closed {% if %}")
        with pytest.raises(CommandError, match=r"bad\.html"):
            messages()


class TestAdding:
    def test_translates_plurals_and_contexts_and_writes_what_gettext_reads(self, project):
        assert "0 without Chinese" in add(project)
        compiled = catalogue.po_path(project / "locale", "zh_Hans").with_suffix(".mo")
        with compiled.open("rb") as file:
            chinese = gettext.GNUTranslations(file)
        assert chinese.gettext("Case") == "诉求"
        assert chinese.pgettext("month", "May") == "五月"
        assert chinese.ngettext("%(n)s case", "%(n)s cases", 5) == "%(n)s 件"

    def test_says_what_is_still_missing(self, project):
        assert "without Chinese: 'May'" in add(project, "Case\t诉求\n")

    def test_refuses_a_line_without_chinese_or_with_other_placeholders_naming_it(self, project):
        with pytest.raises(CommandError, match="new.tsv:1"):
            add(project, "Case\n")
        with pytest.raises(CommandError, match="placeholders differ"):
            add(project, "%(count)s rows\t%(number)s 行\n")

    def test_forgets_nothing_when_a_text_goes_and_comes_back(self, project):
        add(project)
        source = project / "intake" / "models.py"
        source.write_text("")
        messages()
        source.write_text(SOURCE)
        messages()
        assert "all translated" in messages("--check")

    def test_forgets_on_request(self, project):
        add(project)
        (project / "intake" / "models.py").write_text("")
        messages("--prune")
        po = catalogue.po_path(project / "locale", "zh_Hans").read_text()
        assert "诉求" not in po


class TestChecking:
    def test_passes_a_complete_catalogue(self, project):
        add(project)
        assert "6 texts, all translated" in messages("--check")

    def test_fails_for_a_new_text_a_stale_one_and_a_missing_translation(self, project):
        add(project, CHINESE.replace("May\t五月\tmonth\n", ""))
        (project / "intake" / "models.py").write_text(SOURCE.replace('"Case"', '"Request"'))
        with pytest.raises(CommandError) as caught:
            messages("--check")
        told = str(caught.value)
        assert "not collected: 'Request'" in told
        assert "stale: 'Case'" in told
        assert "untranslated: 'May' (context month)" in told

    def test_fails_for_a_translation_whose_placeholders_were_edited_away(self, project):
        add(project)
        po = catalogue.po_path(project / "locale", "zh_Hans")
        po.write_text(po.read_text().replace("%(count)s 行", "若干行"))
        with pytest.raises(CommandError, match="placeholders differ"):
            messages("--check")

    def test_changes_nothing(self, project):
        add(project)
        po = catalogue.po_path(project / "locale", "zh_Hans")
        before = po.read_text()
        messages("--check")
        messages("--compile")
        messages()
        assert po.read_text() == before
