// SPDX-License-Identifier: LGPL-2.1-or-later
// The C++-over-GObject idiom, on a small base transform that drops every other buffer.
#include <stdexcept>

#include <gst/base/gstbasetransform.h>
#include <gst/check/gstharness.h>

#include <doctest/doctest.h>

#include "gst/glue/element.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"

namespace {

enum class Parity { Even, Odd };

}  // namespace

template <>
struct anim::glue::EnumInfo<Parity> {
  static constexpr const char* kTypeName = "TestParity";
  static constexpr GEnumValue kValues[] = {{static_cast<int>(Parity::Even), "Even buffers", "even"},
                                           {static_cast<int>(Parity::Odd), "Odd buffers", "odd"},
                                           {0, nullptr, nullptr}};
};

namespace {

using namespace anim::glue;

int alive = 0;

class Halver {
 public:
  using Parent = GstBaseTransform;
  using ParentClass = GstBaseTransformClass;
  static constexpr const char* kTypeName = "TestHalver";
  static GType parent_type() { return GST_TYPE_BASE_TRANSFORM; }

  struct Settings {
    Parity parity = Parity::Even;
    bool fail = false;
    unsigned small = 3;
    int signed_one = -5;
    std::uint64_t big = G_MAXUINT64;
    float single = 0.5F;
    double real = 0.25;
    anim::Rational rate = {30000, 1001};
    std::string text;
  };
  Guarded<Settings> settings;

  explicit Halver(GstBaseTransform* /*self*/) { ++alive; }
  ~Halver() { --alive; }

  static const std::vector<Property<Halver>>& properties() {
    static const std::vector<Property<Halver>> table = {
        enum_property<Halver>("parity", "Which buffers pass", &Settings::parity),
        bool_property<Halver>("fail", "Throw", &Settings::fail),
        uint_property<Halver>("small", "A number", &Settings::small, 1, 9, Mutable::Playing),
        int_property<Halver>("signed-one", "A number", &Settings::signed_one, -9, 9),
        uint64_property<Halver>("big", "A number", &Settings::big),
        float_property<Halver>("single", "A number", &Settings::single, 0, 1),
        double_property<Halver>("real", "A number", &Settings::real, 0, 1),
        fraction_property<Halver>("rate", "A fraction", &Settings::rate),
        string_property<Halver>("text", "A text", &Settings::text),
        structure_property<Halver>("stats", "Counts", &Halver::stats),
    };
    return table;
  }

  static void class_init(GstBaseTransformClass* klass) {
    install_properties<Halver>(klass);
    auto* element_class = GST_ELEMENT_CLASS(klass);
    add_pad_template(element_class, "sink", GST_PAD_SINK, gst_caps_new_any());
    add_pad_template(element_class, "src", GST_PAD_SRC, gst_caps_new_any());
    gst_element_class_set_static_metadata(element_class, "Halver", "Test", "Drops", "tests");
    klass->transform_ip = vfunc<Halver, &Halver::transform_ip>;
    klass->start = vfunc<Halver, &Halver::start>;
  }

  gboolean start() {
    seen_ = 0;
    return TRUE;
  }

  GstFlowReturn transform_ip(GstBuffer* /*buffer*/) {
    const Settings now = settings.copy();
    if (now.fail) throw std::runtime_error("asked to fail");
    const bool is_odd = seen_++ % 2 == 1;
    return is_odd == (now.parity == Parity::Odd) ? GST_FLOW_OK : GST_BASE_TRANSFORM_FLOW_DROPPED;
  }

  GstStructure* stats() { return gst_structure_new("stats", "seen", G_TYPE_UINT, seen_, nullptr); }

  void property_changed(const char* /*name*/) { ++changes_; }
  [[nodiscard]] int changes() const { return changes_; }

 private:
  unsigned seen_ = 0;
  int changes_ = 0;
};

GstElement* make_halver() {
  return GST_ELEMENT(gst_object_ref_sink(g_object_new(type<Halver>(), nullptr)));
}

}  // namespace

TEST_CASE("the C++ object lives as long as the GObject") {
  GstElement* element = make_halver();
  CHECK(alive == 1);
  gst_object_unref(element);
  CHECK(alive == 0);
}

TEST_CASE("defaults come from Settings and every type is set and read") {
  GstElement* element = make_halver();
  guint64 big = 0;
  gint rate_n = 0;
  gint rate_d = 0;
  gchar* text = nullptr;
  g_object_get(element, "big", &big, "text", &text, nullptr);
  CHECK(big == G_MAXUINT64);
  CHECK(text == nullptr);
  gst_util_set_object_arg(G_OBJECT(element), "parity", "odd");
  g_object_set(element, "small", 7, "signed-one", -9, "single", 1.0, "real", 0.75, "rate", 25, 2,
               "text", "hello", nullptr);
  guint small = 0;
  gint parity = 0;
  gfloat single = 0;
  g_object_get(element, "small", &small, "parity", &parity, "single", &single, "text", &text,
               nullptr);
  CHECK(small == 7);
  CHECK(parity == static_cast<int>(Parity::Odd));
  CHECK(single == 1.0F);
  CHECK(std::string(text) == "hello");
  g_free(text);
  GValue fraction = G_VALUE_INIT;
  g_object_get_property(G_OBJECT(element), "rate", &fraction);
  rate_n = gst_value_get_fraction_numerator(&fraction);
  rate_d = gst_value_get_fraction_denominator(&fraction);
  g_value_unset(&fraction);
  CHECK(rate_n == 25);
  CHECK(rate_d == 2);
  CHECK(impl<Halver>(element).changes() == 6 + 1);
  gst_object_unref(element);
}

TEST_CASE("virtual functions reach the C++ object") {
  GstElement* element = make_halver();
  GstHarness* harness = gst_harness_new_with_element(element, "sink", "src");
  gst_harness_set_src_caps_str(harness, "video/x-raw");
  for (int i = 0; i < 10; ++i) gst_harness_push(harness, gst_harness_create_buffer(harness, 4));
  CHECK(gst_harness_buffers_received(harness) == 5);
  gst_harness_teardown(harness);
  gst_object_unref(element);
}

TEST_CASE("an exception becomes an error message and the failure value") {
  GstElement* element = make_halver();
  g_object_set(element, "fail", TRUE, nullptr);
  GstHarness* harness = gst_harness_new_with_element(element, "sink", "src");
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(element, bus);
  gst_harness_set_src_caps_str(harness, "video/x-raw");
  CHECK(gst_harness_push(harness, gst_harness_create_buffer(harness, 4)) == GST_FLOW_ERROR);
  const auto message = adopt(gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR));
  REQUIRE(message);
  gst_element_set_bus(element, nullptr);
  gst_object_unref(bus);
  gst_harness_teardown(harness);
  gst_object_unref(element);
}
