"""What openapi.yaml promises and the server does not do yet. A line goes when its part lands:
test_describe.py fails on one that is no longer true."""

# Paths that are not routed yet.
PATHS = {
    "/v1/changes",
}

# Media types that a path does not give yet.
MEDIA_TYPES = {}

# Headers that are not sent yet.
HEADERS = set()
