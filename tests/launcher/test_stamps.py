"""A step is done again exactly when something it depends on has changed."""

from shenzhen_gov.launcher.stamps import Stamp, digest


def test_same_files_in_any_order_give_the_same_hash(tmp_path):
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_text("a")
    two.write_text("b")
    assert digest([one, two]) == digest([two, one, one])


def test_content_names_and_words_all_count(tmp_path):
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_text("a")
    before = digest([one])
    assert digest([one], "word") != before
    one.rename(two)
    assert digest([two]) != before
    two.rename(one)
    assert digest([one]) == before
    one.write_text("A")
    assert digest([one]) != before


def test_stamp_is_current_only_after_it_was_written_for_the_same_hash(tmp_path):
    stamp = Stamp(tmp_path / "stamps" / "x", "abc")
    assert not stamp.is_current()
    stamp.write()
    assert stamp.is_current()
    assert not Stamp(stamp.path, "abd").is_current()


def test_damaged_stamp_is_not_current(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"\xff\xfe")
    assert not Stamp(path, "abc").is_current()
