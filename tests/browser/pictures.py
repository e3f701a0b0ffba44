#!/usr/bin/python3
"""Takes the pictures of docs/images: pictures.py <modinit> <folder>. By hand; lasts three minutes.

They are made small with `pngquant --nofs 128`."""

import pathlib
import sys

from browser import PHONE, Browser
from daemon import Daemon
from selenium.webdriver.support.ui import WebDriverWait

# Something to see in the trends.
BUSY = f"""\
[program:search]
command=/usr/bin/python3 {pathlib.Path(__file__).parent}/busy.py memory
[program:thumbnails]
process_name=%(program_name)s-%(process_num)d
numprocs=2
command=/usr/bin/python3 {pathlib.Path(__file__).parent}/busy.py
[group:media]
programs=search,thumbnails
"""
SAMPLES = 38


def main(modinit, folder):
    folder = pathlib.Path(folder)
    daemon = Daemon(modinit, BUSY)
    browser = Browser(daemon.dir)
    trend = """return document.querySelector('[data-name="media:search"] .cpu .line').getAttribute("d") ?? "" """
    try:
        daemon.tell_story()
        browser.size(1240, 780)
        browser.get(daemon.url)
        WebDriverWait(browser.driver, 300).until(lambda _: browser.script(trend).count("L") >= SAMPLES)
        browser.picture(folder / "programs.png")
        browser.click('[data-name="shop:api"] .open')
        browser.until(lambda: "payment of order" in browser.text("#log"), "the log is shown")
        browser.type("#log-search", "orders")
        browser.dark(True)
        browser.picture(folder / "log.png")
        browser.dark(False)
        browser.click("#panel-close")
        browser.size(*PHONE)
        browser.script("window.scrollTo(0, 0)")
        browser.picture(folder / "phone.png")
    finally:
        browser.close()
        daemon.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
