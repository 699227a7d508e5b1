"""A refusal says what happened, in words that can be translated before the facts are put in."""

from lianfang.kernel.errors import Denied, Invalid, Refused


class BlockFull(Refused):
    """The community has room for {left} more doors, not {wanted}.

    Why: seven digits below a community.
    """


def test_the_docstring_is_the_message_and_the_name_the_code() -> None:
    refusal = BlockFull(left=3, wanted=40)
    assert str(refusal) == "The community has room for 3 more doors, not 40."
    assert refusal.message == "The community has room for {left} more doors, not {wanted}."
    assert refusal.facts == {"left": 3, "wanted": 40}
    assert BlockFull.code == "block_full"
    assert Denied.code == "denied"


def test_fields_carry_their_own_refusals() -> None:
    assert Invalid({"floors": BlockFull(left=0, wanted=1)}).fields["floors"].code == "block_full"
