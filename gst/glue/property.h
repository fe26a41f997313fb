// SPDX-License-Identifier: LGPL-2.1-or-later
// Properties as one table: each row names a member of the element's Settings; the default is the
// one that `Settings{}` has. Reads and writes hold the lock of Guarded<Settings>.
//
// An element with properties has
//   using Settings = ...;   Guarded<Settings> settings;
//   static const std::vector<Property<Impl>>& properties();
//   void property_changed(const char* name);          (optional) after a write, without the lock
// and calls install_properties<Impl>(klass) in class_init. Names, nicks and ranges end up in
// gst-inspect-1.0; a blurb gives the unit and what special values mean.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gst/gst.h>

#include "gst/core/rational.h"
#include "gst/glue/element.h"

namespace anim::glue {

/// Settings that the application writes while a streaming thread reads.
template <class T>
class Guarded {
 public:
  [[nodiscard]] T copy() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  template <class Change>
  void change(Change change) {
    const std::lock_guard lock(mutex_);
    change(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

/// When a property may be written with effect.
enum class Mutable {
  Ready = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY,
  Playing = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING,
};

/// One row of the table.
template <class Impl>
struct Property {
  std::function<GParamSpec*()> spec;
  std::function<void(Impl&, const GValue*)> set;  ///< empty = read-only
  std::function<void(Impl&, GValue*)> get;
};

/// Enums that are properties specialise this: `kTypeName`, and `kValues`, a GEnumValue table that
/// ends in {0, nullptr, nullptr}.
template <class Enum>
struct EnumInfo;

/// The registered GType of an enum with EnumInfo.
template <class Enum>
GType enum_type() {
  static const GType id = [] {
    const GType registered =
        g_enum_register_static(EnumInfo<Enum>::kTypeName, EnumInfo<Enum>::kValues);
    gst_type_mark_as_plugin_api(registered, static_cast<GstPluginAPIFlags>(0));
    return registered;
  }();
  return id;
}

namespace detail {

template <class Impl, class T, class Read, class Write>
Property<Impl> row(std::function<GParamSpec*()> spec, T Impl::Settings::*member, Read read,
                   Write write) {
  return {std::move(spec),
          [member, read](Impl& element, const GValue* value) {
            auto converted = static_cast<T>(read(value));
            element.settings.change([&](auto& s) { s.*member = std::move(converted); });
          },
          [member, write](Impl& element, GValue* value) {
            write(value, element.settings.copy().*member);
          }};
}

/// The default of a member, from a fresh Settings.
template <class Impl, class T>
T default_of(T Impl::Settings::*member) {
  return typename Impl::Settings{}.*member;
}

}  // namespace detail

template <class Impl>
Property<Impl> bool_property(const char* name, const char* blurb, bool Impl::Settings::*member,
                             Mutable when = Mutable::Ready) {
  return detail::row<Impl>(
      [=] {
        return g_param_spec_boolean(name, name, blurb, detail::default_of<Impl>(member),
                                    static_cast<GParamFlags>(when));
      },
      member, g_value_get_boolean, g_value_set_boolean);
}

template <class Impl>
Property<Impl> uint_property(const char* name, const char* blurb, unsigned Impl::Settings::*member,
                             unsigned min, unsigned max, Mutable when = Mutable::Ready) {
  return detail::row<Impl>(
      [=] {
        return g_param_spec_uint(name, name, blurb, min, max, detail::default_of<Impl>(member),
                                 static_cast<GParamFlags>(when));
      },
      member, g_value_get_uint, g_value_set_uint);
}

template <class Impl>
Property<Impl> int_property(const char* name, const char* blurb, int Impl::Settings::*member,
                            int min, int max, Mutable when = Mutable::Ready) {
  return detail::row<Impl>(
      [=] {
        return g_param_spec_int(name, name, blurb, min, max, detail::default_of<Impl>(member),
                                static_cast<GParamFlags>(when));
      },
      member, g_value_get_int, g_value_set_int);
}

template <class Impl>
Property<Impl> uint64_property(const char* name, const char* blurb,
                               std::uint64_t Impl::Settings::*member,
                               std::uint64_t max = G_MAXUINT64, Mutable when = Mutable::Ready) {
  return detail::row<Impl>(
      [=] {
        return g_param_spec_uint64(name, name, blurb, 0, max, detail::default_of<Impl>(member),
                                   static_cast<GParamFlags>(when));
      },
      member, g_value_get_uint64, g_value_set_uint64);
}

template <class Impl>
Property<Impl> float_property(const char* name, const char* blurb, float Impl::Settings::*member,
                              float min, float max, Mutable when = Mutable::Ready) {
  return detail::row<Impl>(
      [=] {
        return g_param_spec_float(name, name, blurb, min, max, detail::default_of<Impl>(member),
                                  static_cast<GParamFlags>(when));
      },
      member, g_value_get_float, g_value_set_float);
}

template <class Impl>
Property<Impl> double_property(const char* name, const char* blurb, double Impl::Settings::*member,
                               double min, double max, Mutable when = Mutable::Ready) {
  return detail::row<Impl>(
      [=] {
        return g_param_spec_double(name, name, blurb, min, max, detail::default_of<Impl>(member),
                                   static_cast<GParamFlags>(when));
      },
      member, g_value_get_double, g_value_set_double);
}

/// A fraction from 0/1 to G_MAXINT/1.
template <class Impl>
Property<Impl> fraction_property(const char* name, const char* blurb,
                                 Rational Impl::Settings::*member, Mutable when = Mutable::Ready) {
  return detail::row<Impl>(
      [=] {
        const Rational preset = detail::default_of<Impl>(member);
        return gst_param_spec_fraction(
            name, name, blurb, 0, 1, G_MAXINT, 1, static_cast<gint>(preset.num()),
            static_cast<gint>(preset.den()), static_cast<GParamFlags>(when));
      },
      member,
      [](const GValue* value) {
        return Rational(gst_value_get_fraction_numerator(value),
                        gst_value_get_fraction_denominator(value));
      },
      [](GValue* value, Rational fraction) {
        gst_value_set_fraction(value, static_cast<gint>(fraction.num()),
                               static_cast<gint>(fraction.den()));
      });
}

/// A string; NULL reads as the empty string and the empty string as NULL.
template <class Impl>
Property<Impl> string_property(const char* name, const char* blurb,
                               std::string Impl::Settings::*member, Mutable when = Mutable::Ready) {
  return detail::row<Impl>(
      [=] {
        const std::string preset = detail::default_of<Impl>(member);
        return g_param_spec_string(name, name, blurb, preset.empty() ? nullptr : preset.c_str(),
                                   static_cast<GParamFlags>(when));
      },
      member,
      [](const GValue* value) {
        const gchar* text = g_value_get_string(value);
        return std::string(text != nullptr ? text : "");
      },
      [](GValue* value, const std::string& text) {
        g_value_set_string(value, text.empty() ? nullptr : text.c_str());
      });
}

/// An enum of ours (EnumInfo), or of a library when its `type` is given.
template <class Impl, class Enum>
Property<Impl> enum_property(const char* name, const char* blurb, Enum Impl::Settings::*member,
                             Mutable when = Mutable::Ready, GType (*type)() = &enum_type<Enum>) {
  return detail::row<Impl>(
      [=] {
        return g_param_spec_enum(name, name, blurb, type(),
                                 static_cast<gint>(detail::default_of<Impl>(member)),
                                 static_cast<GParamFlags>(when));
      },
      member, g_value_get_enum,
      [](GValue* value, Enum preset) { g_value_set_enum(value, static_cast<gint>(preset)); });
}

/// A read-only value that the element works out: `get` fills a GValue of the spec's type.
/// `spec` must carry kReadOnly as its flags.
inline constexpr auto kReadOnly =
    static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
template <class Impl>
Property<Impl> readonly_property(std::function<GParamSpec*()> spec,
                                 std::function<void(Impl&, GValue*)> get) {
  return {std::move(spec), nullptr, std::move(get)};
}

/// A read-only GstStructure (transfer full from `get`), as `stats` are.
template <class Impl>
Property<Impl> structure_property(const char* name, const char* blurb,
                                  GstStructure* (Impl::*get)()) {
  return readonly_property<Impl>(
      [=] { return g_param_spec_boxed(name, name, blurb, GST_TYPE_STRUCTURE, kReadOnly); },
      [get](Impl& element, GValue* value) { g_value_take_boxed(value, (element.*get)()); });
}

namespace detail {

template <class Impl>
void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  auto& element = impl<Impl>(object);
  Impl::properties().at(id - 1).set(element, value);
  if constexpr (requires { element.property_changed(spec->name); }) {
    element.property_changed(spec->name);
  }
}

template <class Impl>
void get_property(GObject* object, guint id, GValue* value, GParamSpec* /*spec*/) {
  Impl::properties().at(id - 1).get(impl<Impl>(object), value);
}

}  // namespace detail

/// Installs Impl::properties() on the class.
template <class Impl>
void install_properties(gpointer klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = detail::set_property<Impl>;
  object_class->get_property = detail::get_property<Impl>;
  guint id = 0;
  for (const Property<Impl>& property : Impl::properties()) {
    g_object_class_install_property(object_class, ++id, property.spec());
  }
}

}  // namespace anim::glue
