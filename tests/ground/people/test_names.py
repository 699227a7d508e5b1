"""Names keep every character and are found from any keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.ground.people.rules.names import name_key, normal_name, typed_keys
from lianfang.ground.people.types import NameCharacterWrong, NameLengthWrong


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  王 示例 ", "王示例"),
        ("阿不都•示例", "阿不都·示例"),
        ("阿不都 · 示例", "阿不都·示例"),
        ("阿不都.示例", "阿不都·示例"),
        ("Anna  Muster", "Anna Muster"),
        ("J. Muster", "J. Muster"),
        ("𠮷示例", "𠮷示例"),
        ("㛃䶮", "㛃䶮"),
        ("李示 Anna", "李示 Anna"),
    ],
)
def test_one_form(written: str, kept: str) -> None:
    assert normal_name(written) == kept


@pytest.mark.parametrize("written", ["", "   ", "王" * 51])
def test_a_name_has_one_to_fifty_characters(written: str) -> None:
    with pytest.raises(NameLengthWrong):
        normal_name(written)


@pytest.mark.parametrize("written", ["王2", "王\u200b示例", "王+李"])
def test_digits_and_signs_are_no_name(written: str) -> None:
    with pytest.raises(NameCharacterWrong):
        normal_name(written)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("单示明", "shanshiming", "ssm"),
        ("仇示", "qiushi", "qs"),
        ("曾示国", "zengshiguo", "zsg"),
        ("查示镛", "zhashiyong", "zsy"),
        ("解示", "xieshi", "xs"),
        ("尉迟示", "yuchishi", "ycs"),
        ("万俟示", "moqishi", "mqs"),
        ("单于示", "chanyushi", "cys"),
        ("欧阳示", "ouyangshi", "oys"),
        ("吕示", "lvshi", "ls"),
        ("阿不都·示例", "abudoushili", "abdsl"),
        ("Anna Müster", "annamuster", "am"),
        ("𠮷示", "𠮷shi", "𠮷s"),
        ("㛃示", "jieshi", "js"),
    ],
)
def test_keys_read_a_surname_as_a_surname(name: str, full: str, initials: str) -> None:
    assert (name_key(name).full, name_key(name).initials) == (full, initials)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("dans", "单示明"),
        ("shans", "单示明"),
        ("ssm", "单示明"),
        ("lü", "吕示"),
        ("lyu", "吕示"),
        ("LV", "吕示"),
        ("weichi", "尉迟示"),
        ("mü", "Mu Ster"),
    ],
)
def test_whatever_reading_is_typed_finds_the_name(typed: str, name: str) -> None:
    key = name_key(name)
    assert any(key.full.startswith(each) or key.initials.startswith(each) for each in typed_keys(typed))


def test_nothing_typed_finds_nothing() -> None:
    assert typed_keys(" ·") == []


@given(st.text(alphabet=st.characters(categories=["Lo", "Lu", "Ll"]), min_size=1, max_size=50))
def test_every_name_of_letters_has_a_key_and_stays_as_it_is(name: str) -> None:
    kept = normal_name(name)
    assert normal_name(kept) == kept
    assert name_key(kept).full
