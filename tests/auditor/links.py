"""Targets: a path and its parameters, lists split at raw commas before decoding."""

from urllib.parse import quote, unquote_plus

WHOLE = ("q",)  # a comma inside is no list


def link(path, params):
    """Parameters in the order of their names; a comma inside a value is %2C."""
    pairs = [
        f"{name}={','.join(quote(value, safe='-._~') for value in params[name])}"
        for name in sorted(params)
    ]
    return path + ("?" + "&".join(pairs) if pairs else "")


def parsed(target):
    path, _, query = target.partition("?")
    params = {}
    for pair in query.split("&") if query else ():
        name, _, value = pair.partition("=")
        parts = [value] if name in WHOLE else value.split(",")
        params[name] = [unquote_plus(part) for part in parts]
    return path, params
