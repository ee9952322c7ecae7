"""The mechanical part of layout: `./dev fmt` puts it right, the check refuses what is not. Line breaks and tables are the author's.

Lines end without blanks and with one newline, a file ends with one, and no two empty lines stand together outside Python and Markdown.
"""
import re
import subprocess
from pathlib import Path

TEXT = (".c", ".h", ".def", ".py", ".sh", ".sql", ".ts", ".mjs", ".vue", ".css", ".md", ".build", ".txt", "dev")
TWO_EMPTY_LINES = (".py", ".md")


def tidy(path, text):
    if not path.endswith(TEXT):
        return text
    text = re.sub(r"[ \t]+$", "", text.replace("\r\n", "\n"), flags=re.M)
    if not path.endswith(TWO_EMPTY_LINES):
        text = re.sub(r"\n{3,}", "\n\n", text)
    return text.strip("\n") + "\n" if text.strip() else text


def main():
    root = Path(__file__).resolve().parents[2]
    names = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True, text=True, check=True)
    for name in names.stdout.splitlines():
        path = root / name
        if name.endswith(TEXT) and path.is_file():
            before = path.read_text(encoding="utf-8")
            after = tidy(name, before)
            if after != before:
                path.write_text(after, encoding="utf-8")
                print(f"laid out {name}")


if __name__ == "__main__":
    main()
