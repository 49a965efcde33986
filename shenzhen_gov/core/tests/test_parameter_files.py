from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import AuditEntry, Parameter
from shenzhen_gov.core.parameter_files import load_parameters, read_parameters, shipped_files
from shenzhen_gov.core.parameters import forget, get_parameter

HEADER = "key,value,unit,effective_from,source,note\n"
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield
    forget()


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "parameters.csv"
        path.write_text(HEADER + text, encoding="utf-8")
        return path

    return write


class TestLoadParameters:
    def test_loads_what_every_app_ships_once(self, db, capsys):
        call_command("load_parameters")
        count = Parameter.objects.count()
        assert get_parameter("attachment.max_bytes", date(2026, 1, 1)) == 20 * 2**20
        assert AuditEntry.objects.filter(action="parameter.loaded").count() == count
        capsys.readouterr()
        call_command("load_parameters")
        assert capsys.readouterr().out.startswith("Parameters: 0 added")
        assert Parameter.objects.count() == count

    def test_ships_a_source_with_every_figure(self):
        rows = [row for path in shipped_files() for row in read_parameters(path)]
        assert rows
        assert all(row.source for row in rows)

    def test_keeps_what_somebody_set_and_says_so(self, db, file):
        rows = read_parameters(file("a.b,20,day,2020-01-01,[P],\n"))
        load_parameters(rows, by=SYSTEM, now=timezone.now())
        Parameter.objects.filter(key="a.b").update(value=30)
        told = load_parameters(rows, by=SYSTEM, now=timezone.now())
        assert told == ["= a.b: 30 (shipped: 20)"]
        assert get_parameter("a.b", date(2026, 1, 1)) == 30

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            (",20,day,2020-01-01,[P],\n", "Row 2, column key"),
            ("a.b,,day,2020-01-01,[P],\n", "Row 2, column value"),
            ("a.b,twenty,day,2020-01-01,[P],\n", "Row 2, column value"),
            ("a.b,20,day,yesterday,[P],\n", "Row 2, column effective_from"),
            ("a.b,20,day,2020-01-01,,\n", "Row 2, column source"),
            ("a.b,20,day,2020-01-01,[P],\na.b,21,day,2020-01-01,[P],\n", "Row 3, column key"),
        ],
    )
    def test_refuses_a_bad_row_by_number_and_column(self, db, file, text, named):
        with pytest.raises(CommandError, match=named):
            call_command("load_parameters", file(text))
        assert not Parameter.objects.exists()

    def test_refuses_missing_columns_another_encoding_and_a_missing_file(self, db, tmp_path):
        path = tmp_path / "x.csv"
        path.write_text("key,value\n", encoding="utf-8")
        with pytest.raises(CommandError, match="effective_from"):
            call_command("load_parameters", path)
        path.write_bytes((HEADER + "a,1,天,2020-01-01,[P],\n").encode("gb18030"))
        with pytest.raises(CommandError, match="UTF-8"):
            call_command("load_parameters", path)
        with pytest.raises(CommandError, match="read"):
            call_command("load_parameters", tmp_path / "none.csv")
