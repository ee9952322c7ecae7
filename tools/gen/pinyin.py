"""How the characters of names are read: a syllable for each of the block of common ideographs, as ICU's Han-Latin says, for C.

pinyin.py OUT: writes `pinyin_syllables[]` and `pinyin_of_han[]`, a place in it for each character from U+4E00 on; 0: not known.
"""
import pathlib
import subprocess
import sys
import unicodedata

FIRST, LAST = 0x4E00, 0x9FFF
TONES = "\u0300\u0301\u0304\u030c"


def typed(syllable):
    """As it is typed: without its tone, a u with two dots as v."""
    return "".join(c for c in unicodedata.normalize("NFD", syllable.replace("ü", "v")) if c.isascii())


def readings():
    text = "\n".join(chr(code) for code in range(FIRST, LAST + 1))
    said = subprocess.run(["uconv", "-f", "utf-8", "-t", "utf-8", "-x", "Han-Latin"], input=text, capture_output=True, text=True, check=True).stdout
    found = [typed(unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", line) if c not in TONES))) for line in said.split("\n")]
    if len(found) != LAST - FIRST + 1:
        sys.exit(f"pinyin.py: {len(found)} readings of {LAST - FIRST + 1} characters")
    return [one if one.isalpha() and one.islower() else "" for one in found]


def main(out):
    found = readings()
    syllables = ["", *sorted({one for one in found if one})]
    place = {one: i for i, one in enumerate(syllables)}
    lines = ["/* Written by tools/gen/pinyin.py. */", f"#define PINYIN_FIRST {FIRST:#x}", f"#define PINYIN_LAST {LAST:#x}",
             "static const char pinyin_syllables[][8] = { " + ", ".join(f'"{one}"' for one in syllables) + " };", "static const uint16_t pinyin_of_han[] = {"]
    for start in range(0, len(found), 32):
        lines.append("\t" + ", ".join(str(place[one]) for one in found[start:start + 32]) + ",")
    pathlib.Path(out).write_text("\n".join([*lines, "};", ""]))


main(sys.argv[1])
