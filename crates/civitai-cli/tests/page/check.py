"""Looks at the page and the board of a run as a reader does, in a real browser; at the page without a network.

    pip install playwright
    python crates/civitai-cli/tests/page/check.py target/debug/civitai-jobs /usr/bin/chromium [PICTURES]

PICTURES is a folder for a picture of each, `page.jpg` and `board.jpg`.

It needs a Chromium that is there already, and ends with exit code 1 where something is not as it should be.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from playwright.sync_api import expect, sync_playwright


def main(program, browser, pictures=None):
    program = os.path.abspath(program)
    pictures = pathlib.Path(pictures) if pictures else None
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "prompts.txt").write_text("fog </script><b>bold</b>\nrain & \"snow\"\n")
        command = [program, "batch", "prompts.txt", "--local", "--out", "run", "--size", "64x64"]
        command += ["--vary", "seed=1..3", "--vary", "steps=20,30"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        page = pathlib.Path(folder) / "run" / "index.html"
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            look(chromium, page.as_uri(), pictures)
            follow(chromium, program, folder)
            retry(chromium, program, folder, pictures)
            chromium.close()
    print("the page is as it should be")


def look(chromium, address, pictures):
    context = chromium.new_context(offline=True, viewport={"width": 1200, "height": 800})
    page = context.new_page()
    wrong, elsewhere = [], []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    folder = address.rsplit("/", 1)[0] + "/"
    page.on("request", lambda asked: None if asked.url.startswith(folder) else elsewhere.append(asked.url))
    page.goto(address)
    expect(page.locator("#name")).to_have_text("prompts-1")
    expect(page.locator("#sum")).to_contain_text("12 lines, 12 saved, 96 Buzz")
    cards = page.locator("#lines > li")
    expect(cards).to_have_count(12)

    # What a prompt says is text, and all pictures are there.
    expect(cards.first).to_contain_text("fog </script><b>bold</b>")
    expect(cards.first).to_contain_text("8 Buzz")
    assert page.locator("b").count() == 0
    for index in range(12):
        cards.nth(index).scroll_into_view_if_needed()
        expect(cards.nth(index).locator("img")).to_have_js_property("naturalWidth", 64)

    # Filters, by what was varied and by words.
    page.get_by_label("seed", exact=True).select_option("2")
    expect(cards).to_have_count(4)
    page.get_by_label("Search").fill("rain")
    expect(cards).to_have_count(2)
    expect(page.locator("#shown")).to_have_text("2 of 12 lines")
    page.get_by_label("Search").fill("")
    page.get_by_label("seed", exact=True).select_option("")

    # The grid as a table.
    page.get_by_label("across").select_option("seed")
    page.get_by_label("down").select_option("steps")
    expect(page.locator("#table thead th")).to_have_count(4)
    expect(page.locator("#table tbody tr")).to_have_count(2)
    expect(page.locator("#table img")).to_have_count(12)
    page.get_by_label("across").select_option("")
    page.get_by_label("down").select_option("")

    # Two beside each other, with what differs between them.
    page.get_by_label("compare line 1", exact=True).check()
    page.get_by_label("compare line 4", exact=True).check()
    page.get_by_role("button", name="Compare 2").click()
    expect(page.locator("#pair > div")).to_have_count(2)
    # Seed and steps, and perhaps how long it took.
    differs = page.locator("#pair > div").first.locator(".differs")
    assert differs.all_inner_texts()[:2] == ["1", "20"], differs.all_inner_texts()
    if pictures:
        page.screenshot(path=pictures / "page.jpg", type="jpeg", quality=80)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#comparison")).to_be_hidden()
    assert not wrong, wrong
    assert not elsewhere, elsewhere
    context.close()


def follow(chromium, program, folder):
    """A run that goes on, on its board: pictures come, and what waits is canceled."""
    sim = start([program, "sim", "--port", "0", "--speed", "4"], folder)
    ready = json.loads(sim.stdout.readline())
    environment = {"CIVITAI_BASE_URL": ready["api"], "CIVITAI_API_TOKEN": ready["token"]}
    lines = ["batch", "prompts.txt", "--out", "live", "--size", "64x64", "--vary", "seed=1..20", "--at-once", "2"]
    common = ["--ledger", "live.sqlite"]
    run = start([program, *lines, *common], folder, environment)
    run.stdout.readline()
    board = start([program, "batch", "board", *common], folder, environment)
    address = board.stdout.readline().strip()
    try:
        page = chromium.new_page()
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(address)
        expect(page.locator("#lines > li")).to_have_count(40)
        shown = page.locator("#lines img")
        before = shown.count()
        expect(shown.nth(before + 1)).to_be_attached(timeout=30000)
        expect(shown.first).to_have_js_property("naturalWidth", 64)
        page.get_by_role("button", name="Cancel the run").click()
        expect(page.locator("#sum")).to_contain_text("canceled", timeout=30000)
        assert run.wait(30) == 1, "the run goes on"
        assert not wrong, wrong
    finally:
        for process in (board, run, sim):
            process.terminate()


def retry(chromium, program, folder, pictures):
    """A run with lines that failed, which are begun again from its board once the service has come to itself."""
    faults = pathlib.Path(folder) / "faults.json"
    refused = {"on": {"method": "POST", "path": "/v2/consumer/workflows*", "times": 3}}
    faults.write_text(json.dumps({"requests": [{**refused, "do": [{"fault": "status", "status": 400}]}]}))
    sim = start([program, "sim", "--port", "0", "--speed", "max", "--faults", str(faults)], folder)
    ready = json.loads(sim.stdout.readline())
    environment = {"CIVITAI_BASE_URL": ready["api"], "CIVITAI_API_TOKEN": ready["token"]}
    lines = ["batch", "prompts.txt", "--out", "again", "--size", "512x512", "--vary", "seed=1..3"]
    common = ["--ledger", "again.sqlite"]
    assert start([program, *lines, *common], folder, environment).wait(60) == 1, "no line has failed"
    board = start([program, "batch", "board", *common], folder, environment)
    try:
        page = chromium.new_page(viewport={"width": 1200, "height": 800})
        wrong = []
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(board.stdout.readline().strip())
        cards = page.locator("#lines > li")
        expect(page.locator("#sum")).to_contain_text("6 lines, 3 failed, 3 saved")
        expect(cards.filter(has_text="400")).to_have_count(3)
        drawn(cards.locator("img"), 3)
        if pictures:
            page.screenshot(path=pictures / "board.jpg", type="jpeg", quality=80)
        page.get_by_role("button", name="Retry what failed").click()
        expect(page.locator("#sum")).to_contain_text("6 lines, 6 saved", timeout=30000)
        drawn(cards.locator("img"), 6)
        assert not wrong, wrong
    finally:
        for process in (board, sim):
            process.terminate()


def drawn(pictures, count):
    expect(pictures).to_have_count(count)
    for index in range(count):
        expect(pictures.nth(index)).to_have_js_property("naturalWidth", 512)


def start(command, folder, environment=None):
    environment = {**os.environ, **(environment or {})}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
