#!/usr/bin/python3
"""The page in a real browser, served by the real daemon.

    page_test.py <modinit> <folder for pictures> [unittest arguments]

Every wait is for a condition. Pictures of the page are left in the folder, for people to look at."""

import pathlib
import sys
import unittest

from browser import DESKTOP, PHONE, Browser
from daemon import Daemon, OtherSite, until
from selenium.webdriver.common.keys import Keys

NAMES = ["backup", "cache", "importer", "mailer", "shop:api", "shop:worker-0", "shop:worker-1", "shop:worker-2"]


def setUpModule():
    global daemon, browser
    PICTURES.mkdir(parents=True, exist_ok=True)
    daemon = Daemon(MODINIT)
    browser = Browser(daemon.dir)


def tearDownModule():
    browser.close()
    daemon.close()


class PageTest(unittest.TestCase):
    complaints = ()  # what the browser may have to complain about

    def setUp(self):
        for name, state in [("importer", "STOPPED"), ("mailer", "FATAL")]:
            until(lambda: daemon.state(name) == state, f"{name} is {state}")
        self.open()

    def tearDown(self):
        unexpected = [text for text in browser.complaints() if not any(known in text for known in self.complaints)]
        self.assertEqual(unexpected, [])
        browser.get("about:blank")
        if daemon.process.poll() is not None:
            daemon.start()
        for process in daemon.rpc.getAllProcessInfo():
            name = f"{process['group']}:{process['name']}"
            if process["name"] == "importer":
                if process["statename"] == "RUNNING":
                    daemon.rpc.stopProcess(name)
            elif process["statename"] == "STOPPED":
                daemon.rpc.startProcess(name, False)

    def open(self, address=""):
        if browser.driver.current_url.startswith(daemon.url):
            browser.get("about:blank")  # an address that differs behind the # alone would load nothing
        browser.get(daemon.url + address)
        browser.until(lambda: browser.text("#link") == "Live", "the page is connected")

    def row(self, name):
        return f'#programs tr[data-name="{name}"]'

    def shown(self):
        return [row.get_attribute("data-name") for row in browser.all("#programs tbody tr")]

    def until_state(self, name, word):
        browser.until(lambda: browser.text(self.row(name) + " .pill") == word, f"{name} is {word}")

    def until_toast(self, text):
        browser.until(lambda: any(text in toast for toast in browser.texts(".toast")), f"a message with '{text}'")

    def press(self, name, action):
        browser.click(f'{self.row(name)} button[data-action="{action}"]')


class Table(PageTest):
    def test_shows_all_programs(self):
        self.assertEqual(self.shown(), NAMES)
        self.until_state("shop:api", "Running")
        self.until_state("importer", "Stopped")
        self.until_state("mailer", "Failed")
        self.until_state("backup", "Exited")
        self.assertIn("exit status 3", browser.text(self.row("mailer")))
        self.assertRegex(browser.text(self.row("shop:api") + " .uptime"), r"^\d+ (s|min \d\d s)$")
        browser.until(lambda: browser.text(self.row("shop:api") + " .memory").endswith("B"), "memory is shown")
        self.assertEqual(browser.text("h1"), "shop.example")
        self.assertTrue(browser.script("return document.title").startswith("(1) "))

    def test_one_program(self):
        pid = daemon.rpc.getProcessInfo("cache")["pid"]
        restarts = int(browser.text(self.row("cache") + " .restarts") or 0)
        self.press("cache", "restart")
        self.until_toast("cache restarted")
        self.assertNotEqual(daemon.rpc.getProcessInfo("cache")["pid"], pid)
        browser.until(lambda: browser.text(self.row("cache") + " .restarts") == str(restarts + 1), "the restart is counted")
        self.press("cache", "stop")
        self.until_state("cache", "Stopped")
        self.assertEqual(daemon.state("cache"), "STOPPED")
        self.press("cache", "start")
        self.until_state("cache", "Running")
        self.assertEqual(daemon.state("cache"), "RUNNING")

    def test_what_happens_elsewhere_shows(self):
        daemon.rpc.stopProcess("cache")
        self.until_state("cache", "Stopped")
        daemon.rpc.startProcess("cache")
        self.until_state("cache", "Running")

    def test_a_failure_is_told(self):
        self.complaints = ("status of 422",)
        self.press("mailer", "start")
        self.until_toast("mailer did not come up")
        self.until_toast("mailer has failed")

    def test_a_selection(self):
        for name in "shop:worker-0", "shop:worker-2":
            browser.click(self.row(name) + " input")
        self.assertEqual(browser.text("#target"), "2 selected")
        browser.click('#many [data-action="stop"]')
        self.assertEqual(browser.text("#confirm-text"), "Stop 2 programs?")
        browser.click('#confirm [value="no"]')
        self.assertEqual(daemon.state("shop:worker-0"), "RUNNING")
        browser.click('#many [data-action="stop"]')
        browser.click("#confirm-yes")
        self.until_toast("2 programs stopped")
        self.assertEqual([daemon.state(f"shop:worker-{n}") for n in range(3)], ["STOPPED", "RUNNING", "STOPPED"])
        browser.click('#many [data-action="start"]')
        self.until_toast("2 programs started")
        self.until_state("shop:worker-2", "Running")

    def test_all_of_them(self):
        browser.click('#many [data-action="stop"]')
        browser.click("#confirm-yes")
        for name in NAMES:
            browser.until(lambda: browser.text(self.row(name) + " .pill") in ("Stopped", "Failed", "Exited"), "all are down")
        self.until_toast("5 programs stopped")
        self.assertEqual(daemon.state("cache"), "STOPPED")
        browser.click("#pick-all")
        self.assertEqual(browser.text("#target"), "8 selected")
        browser.click('#many [data-action="start"]')
        self.until_state("shop:api", "Running")
        self.until_toast("mailer did not come up")

    def test_search_and_filters(self):
        browser.type("#search", "WORK")
        self.assertEqual(self.shown(), NAMES[5:])
        self.assertEqual(browser.text("#target"), "The 3 programs shown")
        browser.type("#search", "nobody")
        self.assertEqual(browser.text("#nothing"), "No program is like that.")
        browser.type("#search", Keys.ESCAPE)
        self.assertEqual(self.shown(), NAMES)
        browser.script("""const group = document.getElementById("group");
                          group.value = "shop"; group.dispatchEvent(new Event("change"));""")
        self.assertEqual(self.shown(), NAMES[4:])
        browser.script("""const group = document.getElementById("group");
                          group.value = ""; group.dispatchEvent(new Event("change"));""")
        browser.click('[data-chip="trouble"]')
        self.assertEqual(self.shown(), ["mailer"])
        browser.click('[data-chip="all"]')
        browser.click('#programs th[data-sort="state"] button')
        self.assertEqual(self.shown()[0], "mailer")

    def test_the_keyboard_suffices(self):
        browser.keys("/")
        browser.keys("cache", Keys.ESCAPE, Keys.ESCAPE)
        self.assertEqual(browser.one("#search").get_attribute("value"), "")
        browser.keys("j", "j")
        focused = browser.driver.switch_to.active_element.get_attribute("data-name")
        self.assertEqual(focused, NAMES[1])
        browser.keys("x")
        self.until_state("cache", "Stopped")
        browser.keys("s")
        self.until_state("cache", "Running")
        browser.keys(" ", "j", "j", "j", " ")
        self.assertEqual(browser.text("#target"), "2 selected")
        browser.keys(Keys.ESCAPE)
        self.assertEqual(browser.text("#target"), "All 8 programs")
        browser.keys(Keys.ENTER)
        self.assertEqual(browser.text("#panel-name"), "shop:api")
        browser.keys(Keys.ESCAPE)
        self.assertFalse(browser.one("#panel").is_displayed())
        self.assertEqual(browser.driver.switch_to.active_element.get_attribute("data-name"), "shop:api")
        browser.keys("?")
        self.assertTrue(browser.one("#help").is_displayed())
        browser.keys(Keys.ESCAPE)
        self.assertFalse(browser.one("#help").is_displayed())


class Log(PageTest):
    def setUp(self):
        daemon.tell_story()
        super().setUp()
        browser.click(self.row("shop:api") + " .open")
        browser.until(lambda: "payment of order" in browser.text("#log"), "the log is shown")

    def until_line(self, text):
        browser.until(lambda: text in browser.script("return document.getElementById('log').textContent"), f"'{text}' in the log")

    def test_follows(self):
        self.assertEqual(browser.text("#log-status"), "Following")
        daemon.write("shop:api", "first\nsecond\n")
        self.until_line("second")
        at_end = "const log = document.getElementById('log'); return log.scrollHeight - log.scrollTop - log.clientHeight < 2"
        browser.until(lambda: browser.script(at_end), "the end is in sight")

    def test_pauses(self):
        browser.click("#log-pause")
        daemon.write("shop:api", "held one\nheld two\n")
        browser.until(lambda: browser.text("#log-status") == "Paused, 2 more lines", "lines are held")
        self.assertNotIn("held one", browser.text("#log"))
        browser.click("#log-pause")
        self.until_line("held two")
        self.assertEqual(browser.text("#log-status"), "Following")

    def test_whoever_scrolls_up_stays_there(self):
        browser.script("document.getElementById('log').scrollTop = 0")
        browser.until(lambda: browser.text("#log-status") == "Scrolled up", "it follows no more")
        daemon.write("shop:api", "further down\n")
        self.until_line("further down")
        self.assertEqual(browser.script("return document.getElementById('log').scrollTop"), 0)
        browser.click("#log-follow")
        browser.until(lambda: browser.text("#log-status") == "Following", "it follows again")

    def test_searches(self):
        browser.type("#log-search", "order 4711")
        browser.until(lambda: browser.text("#log-hits") == "6 of 6", "the last hit")
        self.assertEqual(len(browser.all("#log mark")), 6)
        self.assertEqual(len(browser.all("#log .current")), 1)
        browser.type("#log-search", Keys.ENTER)
        self.assertEqual(browser.text("#log-hits"), "5 of 6")
        browser.type("#log-search", Keys.SHIFT + Keys.ENTER + Keys.NULL)
        self.assertEqual(browser.text("#log-hits"), "6 of 6")
        browser.clear("#log-search")
        self.assertEqual(browser.all("#log mark, #log .current"), [])

    def test_text_is_text(self):
        daemon.write("shop:api", "<b id=injected>&lt;</b> \u00fcml\u00e4ut\n")
        self.until_line("<b id=injected>&lt;</b> \u00fcml\u00e4ut")
        self.assertIn("ERROR payment provider", browser.text("#log"), "colours of a terminal are left out")
        self.assertEqual(browser.all("#injected"), [])

    def test_the_other_channel(self):
        browser.click('.tabs [data-channel="stderr"]')
        browser.until(lambda: browser.text("#log-status") == "Nothing was written yet", "an empty log")
        browser.driver.back()
        self.open("#mailer")
        browser.click('.tabs [data-channel="stderr"]')
        self.until_line("550 relay refused")

    def test_downloads(self):
        browser.click("#log-download")
        until(lambda: list(daemon.dir.glob("shop*api*.log")), "a file is downloaded")
        [file] = daemon.dir.glob("shop*api*.log")
        until(lambda: file.read_bytes() == (daemon.dir / "api.log").read_bytes(), "it is the log")

    def test_clears(self):
        browser.click("#log-clear")
        self.until_toast("Logs of shop:api cleared")
        self.assertEqual((daemon.dir / "api.log").stat().st_size, 0)
        daemon.write("shop:api", "after it\n")
        self.until_line("after it")

    def test_has_an_address(self):
        self.assertTrue(browser.driver.current_url.endswith("#shop%3Aapi"))
        self.open("#cache")
        self.assertEqual(browser.text("#panel-name"), "cache")
        browser.click("#panel-close")
        self.assertFalse(browser.one("#panel").is_displayed())


class Connection(PageTest):
    complaints = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")

    def test_a_lost_daemon_is_told_and_found_again(self):
        browser.click(self.row("cache") + " .open")
        daemon.write("cache", "before the end\n")
        browser.until(lambda: "before the end" in browser.text("#log"), "the log is shown")
        daemon.kill()
        browser.until(lambda: browser.one("#banner").is_displayed(), "the banner")
        self.assertIn("connection to the daemon is lost", browser.text("#banner"))
        self.assertEqual(browser.text("#link"), "")
        browser.picture(PICTURES / "lost.png")
        browser.click('#panel-actions [data-action="restart"]')
        self.until_toast("The daemon cannot be reached")
        daemon.start()
        browser.until(lambda: browser.text("#link") == "Live", "it is connected again")
        self.assertFalse(browser.one("#banner").is_displayed())
        self.until_state("cache", "Running")
        daemon.write("cache", "after the beginning\n")
        browser.until(lambda: "after the beginning" in browser.text("#log"), "the log goes on")

    def test_a_reload_adds_and_removes(self):
        conf = daemon.dir / "conf"
        text = conf.read_text()
        self.addCleanup(conf.write_text, text)
        conf.write_text(text.replace("[program:cache]", "[program:fresh]"))
        daemon.rpc.restart()
        browser.until(lambda: "fresh" in self.shown() and "cache" not in self.shown(), "other programs are shown")
        conf.write_text(text)
        daemon.rpc.restart()
        browser.until(lambda: self.shown() == NAMES and browser.text("#link") == "Live", "the programs are back")


class OthersTest(PageTest):
    complaints = ("blocked by CORS policy", "Failed to load resource", "the server responded with a status of 403")

    def test_another_site_stops_nothing(self):
        other = OtherSite(daemon.url)
        self.addCleanup(other.close)
        pids = [process["pid"] for process in daemon.rpc.getAllProcessInfo()]
        browser.get(other.url)
        browser.until(lambda: browser.text("#done") != "", "the scripts have run")
        self.assertEqual(browser.text("#done").split()[-1], "rejected", "it could read the programs")
        for way in "#form", "#link":
            browser.get(other.url)
            browser.click(way)
            browser.until(lambda: "403" in browser.text("body"), "it is refused")
        self.assertEqual([process["pid"] for process in daemon.rpc.getAllProcessInfo()], pids)

    def test_the_role_that_only_looks(self):
        daemon.tell_story()
        address = daemon.url.replace(str(daemon.port), str(daemon.roles_port))
        browser.get(address.replace("//", "//guest:look@"))
        browser.get(address)
        browser.until(lambda: browser.text("#badge") == "Read only", "the page knows")
        self.assertEqual(browser.all("#programs [data-action]"), [])
        self.assertFalse(browser.one("#many").is_displayed())
        browser.click(self.row("shop:api") + " .open")
        browser.until(lambda: "payment of order" in browser.text("#log"), "the log is shown")
        self.assertFalse(browser.one("#log-clear").is_displayed())

    def test_credentials_in_the_address(self):
        address = daemon.url.replace(str(daemon.port), str(daemon.roles_port))
        browser.get(address.replace("//", "//boss:secret@"))
        browser.until(lambda: browser.text("#link") == "Live", "the page is connected")
        self.press("cache", "restart")
        self.until_toast("cache restarted")


class WithoutScripts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plain = Browser(daemon.dir, javascript=False)

    @classmethod
    def tearDownClass(cls):
        cls.plain.close()

    def press(self, action, message):
        row = next(row for row in self.plain.all("#plain tbody tr") if "cache" in row.text)
        row.find_element("css selector", f"[value={action}]").click()
        self.plain.until(lambda: self.plain.texts(".status_msg") == [message], message)

    def test_the_table_and_its_buttons(self):
        self.plain.get(daemon.url)
        self.assertEqual(len(self.plain.all("#plain tbody tr")), len(NAMES))
        self.assertFalse(self.plain.one("#app").is_displayed())
        self.plain.picture(PICTURES / "plain.png")
        self.press("stop", "Process cache stopped")
        self.assertEqual(daemon.state("cache"), "STOPPED")
        self.press("start", "Process cache started")
        self.assertEqual(daemon.state("cache"), "RUNNING")
        self.press("clearlog", "Log for cache cleared")
        self.plain.get(daemon.url + "tail.html?processname=shop:api")
        self.assertIn("payment of order", self.plain.text(".tail"))


class Looks(PageTest):
    """Nothing sticks out, and pictures for people."""

    def check_width(self):
        width = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        self.assertEqual(browser.script(width), 0, "the page scrolls sideways")

    def test_on_a_desk(self):
        browser.until(lambda: browser.text(self.row("shop:api") + " .cpu") != "", "usage is shown")
        for look in "light", "dark":
            browser.dark(look == "dark")
            self.check_width()
            browser.picture(PICTURES / f"desktop-{look}.png")
        browser.dark(False)

    def test_names_stay_in_one_line(self):
        self.addCleanup(browser.size, *DESKTOP)
        for width in 1440, 1280, 1120, 1024, 800:
            browser.size(width, 800)
            heights = browser.script("return [...document.querySelectorAll('.open')].map((name) => name.offsetHeight)")
            self.assertLess(max(heights), 30, width)
            self.check_width()

    def test_the_theme_can_be_chosen(self):
        back = "return getComputedStyle(document.body).backgroundColor"
        light = browser.script(back)
        browser.click("#theme")
        browser.click("#theme")
        self.assertEqual(browser.text("#theme"), "\u25d0 Dark")
        dark = browser.script(back)
        self.assertNotEqual(dark, light)
        self.open()
        self.assertEqual(browser.script(back), dark)
        browser.click("#theme")
        self.assertEqual(browser.script(back), light)

    def test_a_log(self):
        daemon.tell_story()
        self.open("#shop%3Aapi")
        browser.until(lambda: "payment of order" in browser.text("#log"), "the log is shown")
        browser.type("#log-search", "orders")
        for look in "light", "dark":
            browser.dark(look == "dark")
            self.check_width()
            browser.picture(PICTURES / f"log-{look}.png")
        browser.dark(False)

    def test_on_a_phone(self):
        daemon.tell_story()
        browser.size(*PHONE)
        self.addCleanup(browser.size, *DESKTOP)
        self.open()
        browser.until(lambda: browser.text(self.row("shop:api") + " .memory") != "", "usage is shown")
        self.check_width()
        browser.picture(PICTURES / "phone.png")
        browser.click(self.row("shop:api") + " .open")
        browser.until(lambda: "payment of order" in browser.text("#log"), "the log is shown")
        self.check_width()
        browser.picture(PICTURES / "phone-log.png")


if __name__ == "__main__":
    MODINIT, PICTURES = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
