"""Functions that cannot be used safely, or that hide their errors, are used nowhere."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

INSTEAD = {
    "alloca": "malloc",
    "atoi": "a parser that knows its length",
    "atol": "a parser that knows its length",
    "gets": "getline",
    "sprintf": "strbuf_append_format",
    "strcat": "strbuf_append_text",
    "strcpy": "memcpy",
    "strncpy": "memcpy",
    "strtok": "memchr",
    "vsprintf": "strbuf_append_format",
}
CALL = re.compile(rf"\b({'|'.join(INSTEAD)})\s*\(")
NO_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def blank(match):
    """Spaces for comments and strings, so that lines keep their numbers."""
    return re.sub(r"[^\n]", " ", match[0])


def calls(text):
    code = NO_CODE.sub(blank, text)
    return [(code.count("\n", 0, match.start()) + 1, match[1]) for match in CALL.finditer(code)]


def test_no_banned_function_is_called():
    folders = ("include", "src", "tests")
    paths = [path for folder in folders for path in ROOT.glob(f"{folder}/**/*.[ch]")]
    assert paths
    faults = [
        f"{path.relative_to(ROOT)}:{line}: {name}: use {INSTEAD[name]}"
        for path in sorted(paths)
        for line, name in calls(path.read_text("utf-8"))
    ]
    assert not faults, "\n".join(faults)


def test_the_search_sees_through_comments_and_strings():
    text = '/* strcpy(a, b)\n */ f("gets(x)"); // atoi(\nn = strtok (line, \'"\');\nmy_sprintf(s);\n'
    assert calls(text) == [(3, "strtok")]
