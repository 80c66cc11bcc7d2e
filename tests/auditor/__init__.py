"""An independent recomputation of what the API answers, from a timeline file and the documentation.

It shares no code and no SQL with the server; where both agree, two readers of one contract agree.
"""
