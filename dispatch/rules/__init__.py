"""Dispatch rules: condition trees, the engine that matches them, what checking and replaying them finds. Reads only.

fields.py      what may be asked of a case          conditions.py  the tree, read and checked
outcomes.py    what a rule may say                  engine.py      match_many, behind an index
logic.py       what follows from what               checking.py    findings before publishing
replaying.py   past cases, before and after         wording.py     all of it in words
"""
