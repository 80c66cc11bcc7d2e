"""What openapi.yaml promises and the server does not do yet. Each line goes when its part lands;
test_describe.py fails on a line that is no longer true."""

# Paths that are not routed yet.
PATHS = set()

# Headers that are not sent yet.
HEADERS = set()
