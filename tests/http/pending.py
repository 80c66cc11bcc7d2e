"""What openapi.yaml promises and the server does not do yet. A line goes when its part lands:
test_describe.py fails on one that is no longer true."""

# Paths that are not routed yet.
PATHS = {
    "/.well-known/security.txt",
    "/openapi.json",
    "/openapi.yaml",
    "/problems/{slug}",
    "/robots.txt",
    "/v1/changes",
    "/v1/export.json",
    "/v1/export.ndjson",
    "/v1/export.sqlite",
    "/v1/meetings.ics",
    "/v1/timeline.feed",
}

# Media types that a path does not give yet.
MEDIA_TYPES = {"/": {"text/html"}}

# Headers that are not sent yet.
HEADERS = set()
