"""The end of an incident (销毁): last bulletins, holds, erasure of residents' data, and a certificate with a check that finds nothing.

What is erased, by whom, and what stays on which ground is one list: `inventory`. The steps run as owner, one after the other, each again
after a crash: `commands.working`.
"""
