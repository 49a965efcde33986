"""District exchange: telling other platforms what happened, and doing what they tell.

The verbs are re-exported by `dispatch.services`; this package imports nothing, for the steps of work orders use
`telling`.
"""
