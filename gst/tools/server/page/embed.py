# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files as texts of C++: `embed.py OUTPUT FILE…`; "page.css" becomes kPageCss."""
import pathlib
import sys

output, *files = map(pathlib.Path, sys.argv[1:])
lines = ["#pragma once", "#include <string_view>", ""]
for file in files:
    name = "k" + "".join(part.capitalize() for part in file.name.split("."))
    text = file.read_text(encoding="utf-8")
    assert ')~~~"' not in text
    lines.append(f'inline constexpr std::string_view {name} = R"~~~({text})~~~";')
output.write_text("\n".join(lines) + "\n", encoding="utf-8")
