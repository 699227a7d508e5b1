"""Orders (通知部署): what is told down the tree, and who has not answered.

Owns: the words of an order, its state and the answers folded from `order_issued` and `order_answered`, and the chore that raises a matter
where somebody owes an answer past its time. Every level below the one that ordered answers for itself; whoever has not is visible by level.
Does not own: measures (ground.incidents), rounds (work.rounds), or whose office a place is (accounts).
"""
