# SPDX-License-Identifier: LGPL-2.1-or-later
"""Screens in exact colours, as a capture of a desktop is: two that are drawn, one that a browser shows.

No clip that may be copied holds one: they are all recorded through a lossy codec.
"""

import html
import pathlib
import re
import shutil
import subprocess
import tempfile

from PIL import Image, ImageDraw, ImageFont

HERE = pathlib.Path(__file__).parent
SOURCE = HERE.parents[1]
WIDTH, HEIGHT = 480, 360
FONT = "DejaVuSansMono.ttf"
TEXT = HERE / "ssimulacra2.cpp"  # what the drawn ones show
PAGE = SOURCE / "README.md"  # what the browser shows


def written_page(frames):
    """Dark text on white, scrolled by a line now and then, with a caret that runs."""
    text, font = TEXT.read_text().splitlines(), ImageFont.truetype(FONT, 11)
    for frame in range(frames):
        picture = Image.new("RGB", (WIDTH, HEIGHT), (250, 250, 247))
        draw = ImageDraw.Draw(picture)
        draw.rectangle((0, 0, WIDTH, 22), fill=(52, 73, 94))
        draw.text((8, 5), TEXT.name, (236, 240, 241), font)
        top = frame // 24  # lines scrolled
        for row, line in enumerate(text[top: top + 21]):
            colour = (120, 130, 120) if line.lstrip().startswith("//") else (40, 42, 54)
            draw.text((8, 28 + 15 * row), line, colour, font)
        draw.rectangle((8 + 7 * (frame % 24), 345, 14 + 7 * (frame % 24), 356), fill=(231, 76, 60))
        yield picture


# What an editor colours, in the order in which it is looked for.
COLOURS = [
    (r"//.*", (98, 114, 164)),
    (r'"[^"]*"', (241, 250, 140)),
    (r"\b(?:const|constexpr|for|if|int|float|return|static|void|struct|std|auto)\b", (255, 121, 198)),
    (r"\b\d[\w.]*", (189, 147, 249)),
    (r"[{}()\[\]<>=+*/&;,:-]+", (139, 233, 253)),
]
TOKEN = re.compile("|".join(f"({pattern})" for pattern, _ in COLOURS))


def coloured_line(draw, left, top, line, font):
    """Each token in its colour; the font's characters are equally wide."""
    step = font.getlength("m")
    draw.text((left, top), TOKEN.sub(lambda token: " " * len(token[0]), line), (248, 248, 242), font)
    for token in TOKEN.finditer(line):
        draw.text((round(left + step * token.start()), top), token[0], COLOURS[token.lastindex - 1][1],
                  font)


def window_at(frame):
    """Where the window is: dragged for 3 s to the right and down, for 3 s back, with rests of 1 s."""
    way = frame % 96
    part = min(way, 36) if way < 48 else max(84 - way, 0)
    return 20 + 6 * part, 40 + 3 * part


def dragged_window(frames):
    """An editor in the dark whose text scrolls by bursts, and a window that is dragged over it."""
    text, font = TEXT.read_text().splitlines(), ImageFont.truetype(FONT, 10)
    for frame in range(frames):
        picture = Image.new("RGB", (WIDTH, HEIGHT), (40, 42, 54))
        draw = ImageDraw.Draw(picture)
        scrolled = frame // 30 * 8 + min(frame % 30, 8)  # eight lines in a row, then a rest
        for row, line in enumerate(text[scrolled: scrolled + 26]):
            draw.text((4, 4 + 14 * row), f"{scrolled + row + 1:3}", (98, 114, 164), font)
            coloured_line(draw, 32, 4 + 14 * row, line, font)
        left, top = window_at(frame)
        draw.rectangle((left, top, left + 200, top + 120), (246, 246, 246), (0, 0, 0))
        draw.rectangle((left, top, left + 200, top + 18), (0, 120, 215), (0, 0, 0))
        draw.text((left + 8, top + 3), "Find and replace", (255, 255, 255), font)
        for row, label in enumerate(("Find: quality", "Replace: score", "In: the whole file")):
            draw.rectangle((left + 10, top + 28 + 22 * row, left + 190, top + 46 + 22 * row),
                           (255, 255, 255), (160, 160, 160))
            draw.text((left + 14, top + 31 + 22 * row), label, (20, 20, 20), font)
        draw.rectangle((left + 120, top + 96, left + 190, top + 114), (0, 120, 215))
        draw.text((left + 140, top + 99), "Find", (255, 255, 255), font)
        yield picture


STYLE = """body{margin:0 14px;font:14px/1.5 'DejaVu Sans',sans-serif;color:#24292f}
code,pre{font:11px 'DejaVu Sans Mono',monospace;background:#eff1f3;color:#0550ae}
td{border:1px solid #d0d7de;padding:4px 8px;font-size:12px}h1,h2{border-bottom:1px solid #d0d7de}"""


def page_line(line):
    """A line of Markdown as HTML, as far as the README needs it."""
    if picture := re.findall(r"!\[[^]]*\]\(([^)]*)\)", line):
        return "".join(f'<img width="200" src="{SOURCE / path}">' for path in picture)
    shown = html.escape(re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line))
    if line.startswith("    "):
        return f"<pre>{shown[4:]}</pre>"
    shown = re.sub(r"`([^`]*)`", r"<code>\1</code>", shown)
    if not shown.strip("|- "):
        return ""
    if line.startswith("|"):
        return "<table><tr><td>" + "<td>".join(shown.strip("| ").split("|")) + "</table>"
    level = len(line) - len(line.lstrip("#"))
    return f"<h{level}>{shown.strip('# ')}</h{level}>" if level else f"{shown}<br>"


def screenshot(page):
    """Of a page of HTML, as tall as it may be, in Chromium without a window."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "page.html").write_text(page)
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--hide-scrollbars", "--run-all-compositor-stages-before-draw",
             f"--user-data-dir={folder / 'browser'}", f"--window-size={WIDTH},2400",
             f"--screenshot={folder / 'page.png'}", (folder / "page.html").as_uri()],
            check=True, capture_output=True, timeout=60)
        with Image.open(folder / "page.png") as shown:
            return shown.convert("RGB")


def read_page(frames):
    """The README in a browser, scrolled as one reads: half a second of the wheel, then a rest."""
    lines = PAGE.read_text().splitlines()
    whole = screenshot(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>"
                       + "\n".join(map(page_line, lines)))
    for frame in range(frames):
        scrolled = (frame // 18 * 6 + min(frame % 18, 6)) * 20 % (whole.height - HEIGHT)
        yield whole.crop((0, scrolled, WIDTH, scrolled + HEIGHT))


DRAWN = {"drawn-text": written_page, "drawn-window": dragged_window, "page": read_page}


def can_draw(name):
    return DRAWN[name] is not read_page or shutil.which("chromium") is not None


def draw(name, frames, out):
    """Writes `frames` pictures of packed RGB to the file `out`."""
    with open(out, "wb") as file:
        for picture in DRAWN[name](frames):
            file.write(picture.tobytes())
