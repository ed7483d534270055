"""Looks at the simulator's page as a reader does, in a real browser.

    pip install playwright
    python crates/civitai-sim/tests/page/check.py target/debug/civitai-sim /usr/bin/chromium [SCREENSHOT.jpg]

It needs a Chromium that is there already, and ends with exit code 1 where something is not as it should be.
"""

import json
import subprocess
import sys
from playwright.sync_api import expect, sync_playwright

FIRST_PAINT_AT_MOST = 200  # Milliseconds.


def main(program, browser, screenshot=None):
    sim = subprocess.Popen([program, "--port", "0", "--speed", "0"], stdout=subprocess.PIPE, text=True)
    ready = json.loads(sim.stdout.readline())
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            look(chromium, ready, screenshot)
            chromium.close()
    finally:
        sim.terminate()
    assert sim.wait(10) == 0, "the simulator did not end cleanly"
    print("the page is as it should be")


def look(chromium, ready, screenshot):
    page = chromium.new_page(viewport={"width": 1200, "height": 720})
    wrong, elsewhere = [], []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    own = (ready["api"], ready["storage"], "data:")
    page.on("request", lambda asked: None if asked.url.startswith(own) else elsewhere.append(asked.url))
    page.goto(ready["page"])
    expect(page.locator("#link")).to_have_text("live")

    # A step of another kind first, then one with a picture, by the keyboard alone.
    page.locator("#type").select_option("echo")
    page.get_by_label("message").fill("hello")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Started")
    page.locator("#type").select_option("imageGen")
    page.locator("[data-choice=engine]").select_option("flux2")
    page.locator("[data-choice=model]").select_option("klein")
    page.get_by_label("prompt *").fill("a lighthouse in fog")
    page.get_by_label("prompt *").press("Enter")
    expect(page.locator("#workflows li")).to_have_count(2)
    first = page.locator("#workflows li").first
    expect(first).to_contain_text("unassigned")

    # Time by hand, and the picture appears.
    page.get_by_role("button", name="+10 s").focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(first).to_contain_text("succeeded")
    picture = first.locator("img").first
    expect(picture).to_be_visible()
    page.wait_for_function("picture => picture.complete && picture.naturalWidth === 512", arg=picture.element_handle())
    expect(page.locator("#ledger tr").first).to_contain_text("blue")

    # A film of a second.
    page.locator("#type").select_option("videoUpscaler")
    page.get_by_label("video *").fill("https://example.com/clip.mp4")
    page.get_by_label("video *").press("Enter")
    expect(page.locator("#workflows li")).to_have_count(3)
    for _ in range(4):
        page.get_by_role("button", name="+1 min").click()
    film = page.locator("#workflows video").first
    expect(film).to_be_visible()
    page.wait_for_function("film => film.duration === 1 && film.videoWidth === 512", arg=film.element_handle())

    # A fault is thrown and seen, with its body.
    page.locator("#kind").select_option("429 with Retry-After")
    page.get_by_role("button", name="Throw").click()
    expect(page.locator("#faults")).to_contain_text("struck 0 of 0")
    page.evaluate("token => fetch('/v2/consumer/workflows', {headers: {authorization: 'Bearer ' + token}})", ready["token"])
    expect(page.locator("#faults")).to_contain_text("struck 1 of 1")
    request = page.locator("#requests li").filter(has_text="/v2/consumer/workflows").first
    expect(request).to_contain_text("429")
    request.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(request.locator("pre")).to_contain_text("turn this request away")
    wrong = [text for text in wrong if "429" not in text]
    page.get_by_role("button", name="Take all back").click()
    expect(page.locator("#faults li")).to_have_count(0)
    assert ready["token"] not in page.content(), "the token is on the page"

    # The browser starts slowly; what counts is the page.
    paint = min(first_paint(page) for _ in range(5))
    print(f"first paint after {paint:.0f} ms")
    assert paint < FIRST_PAINT_AT_MOST, f"first paint after {paint} ms"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        ground, text = page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
        assert ground != text, scheme
        if screenshot and scheme == "light":
            expect(page.locator('#workflows img').first).to_be_visible()
            page.screenshot(path=screenshot, type="jpeg", quality=60)
    assert not wrong, wrong
    assert not elsewhere, elsewhere


def first_paint(page):
    page.reload()
    expect(page.locator("#link")).to_have_text("live")
    page.wait_for_function("performance.getEntriesByName('first-paint').length")
    return page.evaluate("performance.getEntriesByName('first-paint')[0].startTime")


if __name__ == "__main__":
    main(*sys.argv[1:])
