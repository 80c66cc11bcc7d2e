"""Headless Chromium."""

import shutil
import tempfile
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 60  # seconds
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        driver.set_script_timeout(PATIENCE)
        try:
            yield driver
        finally:
            driver.quit()


def wait(driver, condition):
    """Until the JavaScript expression is true."""
    WebDriverWait(driver, PATIENCE).until(
        lambda one: one.execute_script(f"return Boolean({condition})"), condition
    )


def awaited(driver, body, *arguments):
    """What an async function of this body returns; `args` are its arguments."""
    return driver.execute_async_script(
        "const [done, args] = [arguments[arguments.length - 1], Array.from(arguments)];"
        f"(async () => {{ {body} }})().then(done, (error) => done({{failed: String(error)}}));",
        *arguments,
    )


def console(driver):
    """What the pages said since the last call, errors of loading among it."""
    return [f"{entry['level']}: {entry['message']}" for entry in driver.get_log("browser")]


def show(driver, width, height, scheme):
    """The size of a device, and whether its owner likes it dark."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
