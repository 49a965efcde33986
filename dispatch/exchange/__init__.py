"""District exchange: cases handed between two platforms (市、区两级平台), by one message set both ways.

`messages`, `reading` and `client` need nothing but Python's standard library: the other side's engineers can take them
as they are.
"""
