"""What is published of the places that can be simulated, each figure with its source; and what is assumed, since nobody has published it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One town or city: its code, the shipped official list that has its communities, and what is known of it.

    `persons_a_community` follows from people and communities; `compounds_a_community` and ages are assumed where `assumed` says so.
    """

    code: str
    name: str
    listed: str
    people: int
    per_household: float
    persons_a_community: int
    compounds_a_community: float
    minors: float  # share of people under 15
    elders: float  # share of people of 60 and over
    sources: tuple[str, ...]
    assumed: tuple[str, ...] = ()


_LIST = "communities: National Bureau of Statistics, list of 2023-06-30 (china-division 2.7.0)"
_CENSUS = "census of 2020: "
_AGES_OF_WUHAN = "shares by age: those of Wuhan"
_COMPOUNDS = "two compounds a community, as in Wuhan"

SETTINGS: dict[str, Setting] = {
    "luyuan": Setting(
        "220106000000", "长春市绿园区", "changchun_2023-06-30.csv.gz", 714_919, 2.38, 3_240, 2.0, 0.1305, 0.1723,
        (_LIST, _CENSUS + "714,919 people, 2.38 a household (bulletin of 绿园区)", "9,066,906 people in the 2,798 communities of Changchun"),
        (_AGES_OF_WUHAN, _COMPOUNDS),
    ),
    "meihekou": Setting(
        "220581000000", "梅河口市", "meihekou_2023-06-30.csv.gz", 333_000, 2.22, 1_000, 1.0, 0.1352, 0.2397,
        (_LIST, _CENSUS + "2.22 a household in 蛟河市, a city like it; shares by age of 公主岭市 (13.52 and 23.97 in a hundred)"),
        ("1,000 people a community or village", "one compound each"),
    ),
    "dangchang": Setting(
        "621223000000", "宕昌县", "dangchang_2023-06-30.csv.gz", 342_000, 3.36, 1_000, 1.0, 0.2266, 0.1382,
        (_LIST, _CENSUS + "卓尼县, its neighbour: 88,531 people in 26,353 households; 22.66 and 13.82 in a hundred by age"),
        ("1,000 people a village", "one compound each"),
    ),
    "changchun": Setting(
        "220100000000", "长春市", "changchun_2023-06-30.csv.gz", 9_066_906, 2.34, 3_240, 2.0, 0.1305, 0.1723,
        (_LIST, _CENSUS + "9,066,906 people; 2.34 a household in Jilin"),
        (_AGES_OF_WUHAN, _COMPOUNDS),
    ),
    "wuhan": Setting(
        "420100000000", "武汉市", "wuhan_2023-06-30.csv.gz", 10_000_000, 2.47, 2_861, 7_148 / 3_495, 0.1305, 0.1723,
        (
            _LIST, _CENSUS + "2.47 a household; 13.05 in a hundred under 15, 17.23 of 60 and over",
            "about 10 million people screened in 7,148 compounds in 72 hours (2020-02)", "3,495 communities in the list",
        ),
    ),
}  # fmt: skip

# Households by size in a hundred, from one to six: Fujian, census of 2020 (yearbook 2021, table 3-06; seven and more are counted as six), the latest
# that is published whole. A town's own mean is then met exactly.
SIZES = {1: 27.3, 2: 26.3, 3: 19.4, 4: 14.2, 5: 6.9, 6: 5.9}

# Buildings of a compound. Published: 94 doors a building at the median of 689 compounds (a housing site, Harbin, 2019).
SHAPES = ("2个单元，24层，每层2户", "3个单元，11层，每层3户", "4个单元，6层，每层4户")
DOORS_A_BUILDING = 97

# ---- Assumptions: nobody has published these.
VACANT = 1 / 12  # of the doors, nobody lives there
MEMBERS = 0.09  # of the adults are Party members, with their branch in their community
GRID_DOORS = 400  # doors of a grid, one worker with one phone each

# When people knock, by the hour of the local day: some in the morning, most in the evening, when people come home.
HOURS = {9: 5, 10: 7, 11: 5, 14: 5, 15: 6, 16: 6, 17: 8, 18: 14, 19: 20, 20: 18, 21: 6}
EVENING = 18
# What is found, in a hundred tries: by day, in the evening, and on coming back to a door that stayed open.
BY_DAY = {"seen": 48, "phone": 8, "away": 5, "vacant": 2, "moved": 1, "lit": 3, "dark": 29, "refused": 3, "check": 1}
BY_EVENING = {"seen": 71, "phone": 5, "away": 4, "vacant": 2, "moved": 1, "lit": 6, "dark": 8, "refused": 2, "check": 1}
AGAIN = {"seen": 52, "phone": 15, "away": 7, "vacant": 3, "moved": 1, "lit": 5, "dark": 14, "refused": 2, "check": 1}
COMES_BACK = 0.8  # of the doors that stayed open, on the next day
FIRST_DAY = 0.6  # of the doors, the others on the second
CORRECTED, WITHDRAWN = 0.012, 0.003  # of the visits, within two hours
OFFLINE = 0.1  # of the days of a phone: it comes online after a day
TWICE = 0.04  # of the parcels: the answer did not come through, and the phone sends again
WRONG_CLOCK = 0.04  # of the phones; three in four of them have measured by how much
CLOCK_HOURS = 30  # by so much at most

ASSUMPTIONS = (
    f"{VACANT:.0%} of the doors are vacant; {DOORS_A_BUILDING} doors a building in three shapes",
    f"{MEMBERS:.0%} of the adults are Party members; a grid has {GRID_DOORS} doors and one phone",
    f"{FIRST_DAY:.0%} of the doors on the first day, most of them from 18 to 21 o'clock; the shares of what is found; {COMES_BACK:.0%} come back",
    f"{CORRECTED:.1%} of the visits corrected, {WITHDRAWN:.1%} withdrawn; {OFFLINE:.0%} of a phone's days without network; {TWICE:.0%} of parcels sent twice",
    f"{WRONG_CLOCK:.0%} of the phones with a clock up to {CLOCK_HOURS} hours wrong, one in four of them unmeasured",
)
