"""Debian's chromium without a screen, and what a person does with a page in it."""

import os

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from daemon import DEADLINE

DESKTOP = (1280, 800)
PHONE = (390, 844)

SWITCHES = """headless=new disable-gpu disable-dev-shm-usage no-first-run disable-extensions
disable-background-networking disable-component-update disable-sync disable-default-apps
hide-scrollbars force-device-scale-factor=1 mute-audio password-store=basic force-prefers-reduced-motion""".split()


class Browser:
    def __init__(self, downloads, javascript=True):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for switch in SWITCHES:
            options.add_argument("--" + switch)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")
        preferences = {"download.default_directory": str(downloads), "download.prompt_for_download": False}
        if not javascript:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.size(*DESKTOP)

    def close(self):
        self.driver.quit()

    # --- looking --------------------------------------------------------------------------------

    def get(self, url):
        self.driver.get(url)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def text(self, css):
        return self.one(css).text

    def texts(self, css):
        return [element.text for element in self.all(css)]

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def until(self, condition, what):
        """Waits until condition() is true; elements may be replaced meanwhile."""
        wait = WebDriverWait(self.driver, DEADLINE, poll_frequency=0.05,
                             ignored_exceptions=(StaleElementReferenceException, IndexError))
        return wait.until(lambda _: condition(), what)

    def complaints(self):
        """What the page has put on the console since the last call: errors and warnings."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING")]

    # --- doing ----------------------------------------------------------------------------------

    def size(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def dark(self, on):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if on else "light"}]})

    def click(self, css):
        self.one(css).click()

    def type(self, css, text):
        self.one(css).send_keys(text)

    def keys(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def clear(self, css):
        self.one(css).send_keys(Keys.CONTROL, "a", Keys.NULL, Keys.DELETE)

    def picture(self, path):
        self.driver.save_screenshot(str(path))
