"""The matching engine: who goes with whom. Pure Python, standard library only; knows no database and no Django.

Read it in this order, each file a few minutes:

1. `instance`     the problem: people, places, allowed pairs, floors, what was announced; its `links`, laid out for the
                  search: what counts first, folded into one integer, ties by `lottery`
2. `cover`        how many pairs there can be, and the proof of it
3. `augmenting`   one person more, by a bid or the cheapest chain of moves (shortest augmenting path, integer prices)
4. `market`       the pairs and prices so far
5. `solving`      all of it in order, and the answer
6. `floors`       at least so many of a group, at the least cost; `reach` how many; `crossing` when groups cross
7. `repair`       somebody declines: her place looks for somebody, on the prices that stand
8. `certificate`  the proof that goes with the answer
9. `explain`      why this pair, or why none (`telling`: in French); `stability` compares with deferred acceptance

`reading` and `matching/__main__.py` are the door for files. `matching/verifier.py` checks every answer and shares
no code with this package.
"""
