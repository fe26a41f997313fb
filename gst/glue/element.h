// SPDX-License-Identifier: LGPL-2.1-or-later
// A C++ object inside a GObject: constructed with the instance, destroyed when it is finalized.
//
// An element is a class `Impl` with
//   using Parent = GstElement;            using ParentClass = GstElementClass;
//   static GType parent_type();           static constexpr const char* kTypeName = "GstX";
//   static void class_init(ParentClass*); explicit Impl(Parent* self);
// registered as type<Impl>(). `static void add_interfaces(GType)`, when there, adds interfaces.
// Its virtual functions are members, put into class slots as
// vfunc<Impl, &Impl::change_state>; pad functions as pad_function<Impl, &Impl::chain>.
// No exception leaves such a member: it becomes an ERROR message and the failure value.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <new>
#include <type_traits>
#include <utility>

#include <gst/gst.h>

namespace anim::glue {

/// The parent's struct, then room for the C++ object. Standard layout, so GObject's casts hold.
template <class Impl>
struct Instance {
  typename Impl::Parent parent;
  alignas(Impl) std::byte storage[sizeof(Impl)];
};

/// The C++ object of a GObject instance.
template <class Impl>
Impl& impl(void* object) {
  return *std::launder(reinterpret_cast<Impl*>(static_cast<Instance<Impl>*>(object)->storage));
}

/// The class struct of the parent, to chain up to.
template <class Impl>
typename Impl::ParentClass* parent_class() {
  return static_cast<typename Impl::ParentClass*>(g_type_class_peek(Impl::parent_type()));
}

namespace detail {

template <class Impl>
void finalize(GObject* object) {
  impl<Impl>(object).~Impl();
  G_OBJECT_CLASS(g_type_class_peek(Impl::parent_type()))->finalize(object);
}

template <class Impl>
void class_init(gpointer klass, gpointer /*data*/) {
  G_OBJECT_CLASS(klass)->finalize = finalize<Impl>;
  Impl::class_init(static_cast<typename Impl::ParentClass*>(klass));
}

template <class Impl>
void instance_init(GTypeInstance* instance, gpointer /*klass*/) {
  auto* self = reinterpret_cast<Instance<Impl>*>(instance);
  new (self->storage) Impl(&self->parent);
}

/// What a failed virtual function returns.
template <class R>
R failure() {
  if constexpr (std::is_same_v<R, GstFlowReturn>) {
    return GST_FLOW_ERROR;
  } else if constexpr (std::is_same_v<R, GstStateChangeReturn>) {
    return GST_STATE_CHANGE_FAILURE;
  } else {
    return R();  // FALSE, nullptr, void
  }
}

template <class R, class Call>
R guarded(void* element, Call call) {
  try {
    return call();
  } catch (const std::exception& error) {
    GST_ELEMENT_ERROR(element, CORE, FAILED, ("%s", error.what()), (nullptr));
    return failure<R>();
  }
}

template <class Impl, class Method, Method method>
struct Vfunc;
template <class Impl, class Owner, class R, class... Args, R (Owner::*method)(Args...)>
struct Vfunc<Impl, R (Owner::*)(Args...), method> {
  template <class Base>
  static R call(Base* base, Args... args) {
    auto& object = static_cast<Owner&>(impl<Impl>(base));  // a base class's, for instance
    return guarded<R>(base, [&] { return (object.*method)(args...); });
  }
  template <class Base>
  using Function = R (*)(Base*, Args...);
  template <class Base>
  operator Function<Base>() const {
    return &call<Base>;
  }
};

template <class Impl, class Method, Method method>
struct PadFunction;
template <class Impl, class Owner, class R, class... Args, R (Owner::*method)(GstPad*, Args...)>
struct PadFunction<Impl, R (Owner::*)(GstPad*, Args...), method> {
  static R call(GstPad* pad, GstObject* parent, Args... args) {
    auto& object = static_cast<Owner&>(impl<Impl>(parent));
    return guarded<R>(parent, [&] { return (object.*method)(pad, args...); });
  }
};

}  // namespace detail

/// The GType of `Impl`, registered at the first call.
template <class Impl>
GType type() {
  static const GType id = [] {
    struct Class {
      typename Impl::ParentClass parent;
    };
    const GType registered = g_type_register_static_simple(
        Impl::parent_type(), Impl::kTypeName, sizeof(Class), detail::class_init<Impl>,
        sizeof(Instance<Impl>), detail::instance_init<Impl>, static_cast<GTypeFlags>(0));
    if constexpr (requires { Impl::add_interfaces(registered); }) Impl::add_interfaces(registered);
    return registered;
  }();
  return id;
}

/// A member function for a slot of the class struct.
template <class Impl, auto method>
inline constexpr detail::Vfunc<Impl, decltype(method), method> vfunc{};

/// A member function `R f(GstPad*, ...)` for gst_pad_set_chain_function() and its kin.
template <class Impl, auto method>
inline constexpr auto pad_function = &detail::PadFunction<Impl, decltype(method), method>::call;

/// Adds a pad template from `caps` to the class.
inline void add_pad_template(GstElementClass* klass, const char* name, GstPadDirection direction,
                             GstCaps* caps, GstPadPresence presence = GST_PAD_ALWAYS) {
  gst_element_class_add_pad_template(klass, gst_pad_template_new(name, direction, presence, caps));
  gst_caps_unref(caps);
}

/// Adds the pad of the class's template `name` to the element, which owns it.
inline GstPad* add_pad(GstElement* element, const char* name) {
  GstPadTemplate* pad_template =
      gst_element_class_get_pad_template(GST_ELEMENT_GET_CLASS(element), name);
  GstPad* pad = gst_pad_new_from_template(pad_template, name);
  gst_element_add_pad(element, pad);
  return pad;
}

/// Runs `job` soon on another thread, which may change states and seek; `element` is kept until
/// then.
inline void call_later(GstElement* element, std::function<void()> job) {
  using Job = std::function<void()>;
  gst_element_call_async(
      element, [](GstElement* /*element*/, gpointer data) { (*static_cast<Job*>(data))(); },
      new Job(std::move(job)), [](gpointer data) { delete static_cast<Job*>(data); });
}

}  // namespace anim::glue
