# SPDX-License-Identifier: LGPL-2.1-or-later
"""The docs say what the elements are: every element and every property, with its default."""

import os
import pathlib
import re
import unittest

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GObject, Gst  # noqa: E402

SOURCE = pathlib.Path(os.environ["ANIM_SOURCE"])


def our_factories():
    build = os.environ["ANIM_BUILD"]
    factories = Gst.Registry.get().get_feature_list(Gst.ElementFactory)
    return [
        factory
        for factory in factories
        if factory.get_plugin() and (factory.get_plugin().get_filename() or "").startswith(build)
    ]


def own_properties(element):
    """Without those of the base class, which its own page describes."""
    return [spec for spec in element.list_properties() if spec.owner_type == element.__gtype__]


def table_rows(page):
    """The property rows of a page: name -> the cells after it."""
    rows = {}
    in_properties = False
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            in_properties = False
        elif cells[0].lower() == "property":
            in_properties = True
        elif in_properties and re.fullmatch(r"`[a-z0-9-]+`", cells[0]):
            rows[cells[0].strip("`")] = cells[1:]
    return rows


class Docs(unittest.TestCase):
    def test_there_are_elements(self):
        self.assertGreaterEqual(len(our_factories()), 5)

    def test_every_element_has_a_page_and_is_in_the_readme(self):
        readme = (SOURCE / "README.md").read_text()
        for factory in our_factories():
            with self.subTest(element=factory.get_name()):
                self.assertTrue((SOURCE / "docs" / "elements" / f"{factory.get_name()}.md").exists())
                self.assertIn(factory.get_name(), readme)

    def test_pages_list_exactly_the_properties_that_exist(self):
        for factory in our_factories():
            page = (SOURCE / "docs" / "elements" / f"{factory.get_name()}.md").read_text()
            element = factory.create(None)
            own = {spec.name for spec in own_properties(element)}
            inherited = {spec.name for spec in element.list_properties()} - own
            with self.subTest(element=factory.get_name()):
                self.assertEqual(own, set(table_rows(page)) - inherited)

    def test_every_property_says_more_than_its_name_in_gst_inspect(self):
        for factory in our_factories():
            for spec in own_properties(factory.create(None)):
                with self.subTest(element=factory.get_name(), property=spec.name):
                    self.assertGreater(len(spec.blurb), len(spec.name) + 8)

    def test_no_element_outranks_what_is_installed(self):
        for factory in our_factories():
            self.assertEqual(factory.get_rank(), 0, factory.get_name())


if __name__ == "__main__":
    Gst.init(None)
    unittest.main()
