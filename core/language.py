"""Language tags (BCP-47): the two questions that the house asks of one."""


def primary(language: str) -> str:
    """Its primary subtag, in small letters: "en-US" → "en"."""
    return language.split("-")[0].lower()


def is_chinese(language: str) -> bool:
    """Whether a tag is Chinese as it is spoken here: "zh-CN", and Mandarin and Cantonese by their own tags."""
    return primary(language) in ("zh", "cmn", "yue")
