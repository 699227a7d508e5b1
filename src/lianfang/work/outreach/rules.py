"""Rules of messages: what one may say, to whom it goes."""

from __future__ import annotations

import re

from lianfang.ground.accounts.rules.roles import CHAIN, Role

LONGEST_TITLE = 40
LONGEST = 500
MOST = 5_000  # recipients of one message
SHOWN_FOR_DAYS = 30
_PAPER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)")

# Command levels are told by orders, which cascade; messages go to those who work in communities.
RECIPIENTS: frozenset[Role] = frozenset(CHAIN[CHAIN.index(Role.COMMUNITY_SECRETARY) :])


def fits(title: str, words: str) -> bool:
    """Whether title and text are there and short enough."""
    return 0 < len(title) <= LONGEST_TITLE and 0 < len(words) <= LONGEST


def names_somebody(text: str) -> bool:
    """Whether the number of an identity paper stands in it, however it is spaced."""
    return _PAPER.search(re.sub(r"(?<=\d)[ \-](?=[\dXx])", "", text)) is not None
