"""Print the Python of a Go file: python -m gochan.port.translate FILE.go."""

import sys

from .. import formatter, tree
from . import translate


def main() -> int:
    result = translate(tree.load(sys.argv[1]), keep_going=True)
    for name, text in result.files.items():
        if len(result.files) > 1:
            print(f"# --- {name}")
        try:
            shown = formatter.format_python(text, name)
        except SyntaxError as error:
            print(text)
            print(f"{name}: {error}", file=sys.stderr)
            return 3
        print(shown, end="")
    for place in result.refusals:
        print(place, file=sys.stderr)
    return 1 if result.refusals else 0


sys.exit(main())
