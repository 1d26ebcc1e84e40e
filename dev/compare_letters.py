"""Compare the letters of two demos pixel by pixel: before and after a change.

Usage: compare_letters.py BEFORE AFTER [PICTURES]

BEFORE and AFTER are folders with PDF files of the same names, such as `out/letters` of
two checkouts (`make demo SERVE=0` in each, on the same day). Where pages differ, a
picture of both with what differs in red is put in PICTURES. Needs Pillow, as Odoo does,
and pdftoppm.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

RESOLUTION = 90


def render(letter: Path, folder: Path) -> list[Image.Image]:
    """Return the pages of a PDF as pictures."""
    target = folder / "page"
    options = ["-png", "-r", str(RESOLUTION)]
    subprocess.run(["pdftoppm", *options, letter, target], check=True)
    pages = sorted(folder.glob("page*.png"))
    return [Image.open(page).convert("L") for page in pages]


def find_pages(letter: Path) -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as folder:
        return render(letter, Path(folder))


def show_difference(before: Image.Image, after: Image.Image) -> Image.Image:
    """Return both pages in one picture: what differs is red."""
    size = tuple(map(max, before.size, after.size))
    sheets = [Image.new("L", size, 255) for _page in (before, after)]
    for sheet, page in zip(sheets, (before, after), strict=True):
        sheet.paste(page)
    common = ImageChops.lighter(*sheets)
    changed = ImageChops.difference(*sheets).point(lambda value: 255 * (value > 0))
    picture = Image.merge("RGB", [ImageChops.darker(*sheets)] * 3)
    picture.paste((220, 0, 0), mask=changed)
    return picture if changed.getbbox() else Image.merge("RGB", [common] * 3)


def compare(before: Path, after: Path, pictures: Path | None) -> list[str]:
    """Return in which pages a letter differs."""
    pages = find_pages(before), find_pages(after)
    if len(pages[0]) != len(pages[1]):
        return [f"{before.name}: {len(pages[0])} pages before, {len(pages[1])} after"]
    found = []
    for number, (old, new) in enumerate(zip(*pages, strict=True), start=1):
        box = old.size != new.size or ImageChops.difference(old, new).getbbox()
        if not box:
            continue
        found.append(f"{before.name}: page {number} differs, {box}")
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            show_difference(old, new).save(pictures / f"{before.stem}-{number}.png")
    return found


def main(before: Path, after: Path, pictures: Path | None = None) -> int:
    names = [
        {letter.name for letter in folder.glob("*.pdf")} for folder in (before, after)
    ]
    found = [f"{name}: only before" for name in sorted(names[0] - names[1])]
    found += [f"{name}: only after" for name in sorted(names[1] - names[0])]
    same = sorted(names[0] & names[1])
    for name in same:
        found += compare(before / name, after / name, pictures)
    print("\n".join(found) or f"{len(same)} letters, the same to the pixel")
    return int(bool(found))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        print(__doc__)
        sys.exit(2)
    sys.exit(main(*map(Path, sys.argv[1:])))
