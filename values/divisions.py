"""Administrative divisions of China: which names a text begins with, and the whole chain they stand for.

The table (divisions.txt) holds provinces, prefectures and counties by name: a province with its short name on one line,
then a line for each prefecture with its counties, "-" for counties directly under the province. Public facts (民政部,
GB/T 2260), taken from cpca 0.5.5 (MIT) with the changes from 2018 to 2023 that we know of; divisions that were
abolished stay, for people go on using them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Division:
    name: str
    parent: "Division | None" = None

    def chain(self) -> tuple[str, ...]:
        """Names from the province down."""
        return (*self.parent.chain(), self.name) if self.parent else (self.name,)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    provinces: Mapping[str, Division]
    """By full and short name; cities, counties likewise."""
    cities: Mapping[str, Division]
    counties: Mapping[str, tuple[Division, ...]]
    """By full name; several places share one."""
    short_counties: Mapping[str, tuple[Division, ...]]
    """By name without suffix: believed only under a city that was named."""


_PEOPLES = re.compile(
    r"(?:(?:壮|回|苗|彝|藏|土家|侗|瑶|布依|白|傣|哈尼|黎|傈僳|畲|羌|土|撒拉|蒙古|哈萨克|柯尔克孜|朝鲜|满|达斡尔|锡伯|景颇|水|仡佬|仫佬|毛南|佤|拉祜|"
    r"纳西|布朗|裕固|保安|东乡|独龙|怒|普米|塔吉克|各|鄂温克|鄂伦春)族)+(?:自治[区州县旗])$|自治[州县旗]$"
)
_SUFFIX = re.compile(r"(?:新区|林区|特区|矿区|地区|[市区县盟旗州])$")


def shorter(name: str) -> str:
    """杭州 of 杭州市, 恩施 of 恩施土家族苗族自治州; the name itself where less than two characters would be left."""
    bare = _PEOPLES.sub("", name)
    bare = _SUFFIX.sub("", bare) if bare == name else bare
    return bare if len(bare) >= 2 else name


@cache
def gazetteer() -> Gazetteer:
    provinces: dict[str, Division] = {}
    cities: dict[str, Division] = {}
    counties: dict[str, tuple[Division, ...]] = {}
    short: dict[str, tuple[Division, ...]] = {}
    province = Division("")
    for line in Path(__file__).with_name("divisions.txt").read_text(encoding="utf-8").splitlines():
        city, mark, names = line.partition(":")
        if not mark:
            full, brief = line.split()
            province = Division(full)
            provinces |= {full: province, brief: province}
            continue
        parent = province if city == "-" else Division(city, province)
        if city != "-":
            cities |= {city: parent, shorter(city): parent}
        for name in names.split():
            county = Division(name, parent)
            if city == "-" and name.endswith("市"):
                cities |= {name: county, shorter(name): county}
                continue
            counties[name] = (*counties.get(name, ()), county)
            if shorter(name) != name:
                short[shorter(name)] = (*short.get(shorter(name), ()), county)
    return Gazetteer(provinces, cities, counties, short)


_LONGEST_NAME = 18


def chain_at(text: str, start: int) -> tuple[Division, int] | None:
    """The lowest division of those named one after the other from `start`, and where the names end."""
    places = gazetteer()
    found: Division | None = None
    end = start
    province = _longest(text, end, places.provinces)
    if province and text[start : province[1] + 1] in places.cities:
        province = None  # 吉林市 is no 吉林省
    if province:
        found, end = province
        end = _past(text, end, "省市", places)
    city = _city(text, end, places, found)
    if city:
        found, end = city
        end = _past(text, end, "市州盟", places)
    county = _county(text, end, places, found)
    if county:
        found, end = county
    return None if found is None else (found, end)


def _past(text: str, at: int, suffixes: str, places: Gazetteer) -> int:
    """Past a suffix that a short name left (浙江|省), pauses, and the 的 between levels; 青岛|市南区 left none."""
    left = text[at - 1] not in "省市区州盟" and text[at : at + 1] in tuple(suffixes)
    if left and not any(text[at : at + length] in places.counties for length in (3, 4)):
        at += 1
    while text[at : at + 1] in (" ", ",", "、", "的"):
        at += 1
    return at


def _longest(text: str, at: int, names: Mapping[str, Division]) -> tuple[Division, int] | None:
    for length in range(min(_LONGEST_NAME, len(text) - at), 1, -1):
        division = names.get(text[at : at + length])
        if division:
            return division, at + length
    return None


def _city(text: str, at: int, places: Gazetteer, above: Division | None) -> tuple[Division, int] | None:
    city = _longest(text, at, places.cities)
    if city is None or (above is not None and city[0].parent != above):
        return None
    # 朝阳区 is no 朝阳市, 长沙县 no 长沙市
    following = text[city[1] : city[1] + 1]
    if following in ("区", "县") and text[at : city[1] + 1] in places.counties:
        return None
    return city


def _county(text: str, at: int, places: Gazetteer, above: Division | None) -> tuple[Division, int] | None:
    for length in range(min(_LONGEST_NAME, len(text) - at), 1, -1):
        name = text[at : at + length]
        among = [one for one in places.counties.get(name, ()) if above is None or _under(one, above)]
        if not among and above is not None:
            among = [one for one in places.short_counties.get(name, ()) if _under(one, above)]
            if among and text[at + length : at + length + 1] in tuple("路街大道巷镇乡村"):
                continue  # 杭州西湖大道 lies in no 西湖区 for that
        if len(among) == 1:
            return among[0], at + length
        if among and above is None:
            return Division(name), at + length
    return None


def _under(one: Division, above: Division) -> bool:
    parent = one.parent
    while parent is not None:
        if parent == above:
            return True
        parent = parent.parent
    return False


@cache
def starts() -> re.Pattern[str]:
    """Where a chain may begin: any division by full name, provinces and cities by their short one."""
    places = gazetteer()
    names = {*places.provinces, *places.cities, *places.counties}
    by_first: dict[str, list[str]] = {}
    for name in names:
        by_first.setdefault(name[0], []).append(name[1:])
    parts = [
        f"{first}(?:{'|'.join(sorted(rests, key=len, reverse=True))})" for first, rests in sorted(by_first.items())
    ]
    return re.compile("|".join(parts))
