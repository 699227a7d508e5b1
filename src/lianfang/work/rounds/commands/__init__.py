"""Verbs of rounds."""

from lianfang.work.rounds.commands.campaigns import close_round, extend_round, open_round, pass_time, withdraw_round
from lianfang.work.rounds.commands.lines import settle_line
from lianfang.work.rounds.commands.recording import record_arrival, record_visit

__all__ = ["close_round", "extend_round", "open_round", "pass_time", "record_arrival", "record_visit", "settle_line", "withdraw_round"]
