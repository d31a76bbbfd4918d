import pytest

from huashu.core.language import is_chinese, primary

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("tag", ["zh", "zh-CN", "ZH-Hant-TW", "cmn", "cmn-Hans-CN", "yue-HK"])
def test_chinese_by_any_of_its_tags(tag: str) -> None:
    assert is_chinese(tag)


@pytest.mark.parametrize("tag", ["en", "en-US", "za", "ja-JP", "", "en-zh"])
def test_what_is_not_chinese(tag: str) -> None:
    assert not is_chinese(tag)


def test_the_primary_subtag_is_what_stands_before_the_first_hyphen() -> None:
    assert primary("EN-us") == "en"
    assert primary("zh") == "zh"
