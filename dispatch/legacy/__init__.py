"""Real cases of an earlier system: read by a mapping file, imported without doubling, and dispatched again to measure.

`mapping` says which column is which; `reader` turns a file into rows and rejects; `dated_names`, `places` and
`registry` make units, areas and duty items of what the rows name; `importer` writes the cases. `history` reads them
back, `backoff` learns who handles what, `replay` measures that in time order, `pipeline` does the same with the real
decision code, and `learned` writes what was learned into the duty list.
"""
