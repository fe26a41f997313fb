# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the pictures of a GIF are in its file (GIF89a, sections 17 to 27)."""

EXTENSION, IMAGE, TRAILER = b"!", b",", b";"
HEADER_BYTES, SCREEN_BYTES, DESCRIPTOR_BYTES = 6, 7, 10


def table_bytes(flags):
    """Of the table of colours that a screen's or an image's flags tell of."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def after_blocks(data, at):
    """Where sub-blocks end that begin at `at`."""
    while data[at]:
        at += 1 + data[at]
    return at + 1


def image_ends(data):
    """How far each picture reaches in the file, from the first on."""
    at = HEADER_BYTES + SCREEN_BYTES + table_bytes(data[HEADER_BYTES + 4])
    ends = []
    while (kind := data[at:at + 1]) != TRAILER:
        if kind == EXTENSION:
            at = after_blocks(data, at + 2)
        elif kind == IMAGE:
            codes = at + DESCRIPTOR_BYTES + table_bytes(data[at + 9])
            at = after_blocks(data, codes + 1)
            ends.append(at)
        else:
            raise ValueError(f"neither a picture nor an extension at byte {at}: {kind!r}")
    return ends
