"""The one answer to "may this person do this here?", asked by every door and every command that acts for somebody.

`actor_of` says who acts, `ranges` where an ability holds, `may` and `require` whether it holds at a place, `scoped` opens the
transaction in which row security sees what the actor may read, `authors` answers for many authors at once (intake).
"""

from lianfang.ground.accounts.access.actors import Actor, actor_of, actor_of_id, actor_of_login, local_administrator, renewed
from lianfang.ground.accounts.access.asking import may, require, require_account, require_person, scoped
from lianfang.ground.accounts.access.authors import authors
from lianfang.ground.accounts.access.reach import abilities, all_ranges, organisation_ranges, ranges, scope_ranges

__all__ = [
    "Actor",
    "abilities",
    "actor_of",
    "actor_of_id",
    "actor_of_login",
    "all_ranges",
    "authors",
    "local_administrator",
    "may",
    "organisation_ranges",
    "ranges",
    "renewed",
    "require",
    "require_account",
    "require_person",
    "scope_ranges",
    "scoped",
]
