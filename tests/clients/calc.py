#!/usr/bin/python3
"""Types formulas into a sheet of LibreOffice Calc and prints what the cells show, as JSON.

Reads {"A1": "=…", …} from standard input; argument: a directory for the profile.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

PATIENCE = 60  # seconds
HIDDEN = PropertyValue(Name="Hidden", Value=True)


def connected(channel):
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", context
    )
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return resolver.resolve(f"uno:{channel};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def shown(context, formulas):
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (HIDDEN,))
    sheet = document.Sheets.getByIndex(0)
    found = {}
    for name, formula in formulas.items():
        cell = sheet.getCellRangeByName(name)
        cell.FormulaLocal = formula
        found[name] = f"error {cell.getError()}" if cell.getError() else cell.String
    document.close(True)
    return found


def main():
    profile = Path(sys.argv[1]).resolve()
    channel = f"pipe,name=udcg-{os.getpid()}"
    program = [
        "soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        f"--accept={channel};urp",
    ]  # fmt: skip
    office = subprocess.Popen(
        program, stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True
    )
    try:
        json.dump(shown(connected(channel), json.load(sys.stdin)), sys.stdout)
    finally:
        # With all that it started: asked to end, it sometimes does not.
        os.killpg(office.pid, signal.SIGKILL)
        office.wait()


if __name__ == "__main__":
    main()
