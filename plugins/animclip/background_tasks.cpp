// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/background_tasks.h"

#include <thread>

#include <sys/resource.h>

namespace anim {
namespace {

struct BackgroundPool {
  GstTaskPool parent;
  int niceness;
};
struct BackgroundPoolClass {
  GstTaskPoolClass parent;
};

gpointer push(GstTaskPool* pool, GstTaskPoolFunction function, gpointer data, GError** /*error*/) {
  const int niceness = reinterpret_cast<BackgroundPool*>(pool)->niceness;
  return new std::thread([=] {
    stand_back(niceness);
    function(data);
  });
}

void join(GstTaskPool* /*pool*/, gpointer id) {
  auto* thread = static_cast<std::thread*>(id);
  if (thread == nullptr) return;
  thread->join();
  delete thread;
}

void dispose_handle(GstTaskPool* /*pool*/, gpointer id) {
  auto* thread = static_cast<std::thread*>(id);
  if (thread == nullptr) return;
  thread->detach();
  delete thread;
}

void class_init(gpointer klass, gpointer /*data*/) {
  auto* pool = GST_TASK_POOL_CLASS(klass);
  pool->prepare = [](GstTaskPool*, GError**) {};
  pool->cleanup = [](GstTaskPool*) {};
  pool->push = push;
  pool->join = join;
  pool->dispose_handle = dispose_handle;
}

GType pool_type() {
  static const GType type = g_type_register_static_simple(
      GST_TYPE_TASK_POOL, "GstAnimClipTaskPool", sizeof(BackgroundPoolClass), class_init,
      sizeof(BackgroundPool), nullptr, static_cast<GTypeFlags>(0));
  return type;
}

GstBusSyncReply set_pool(GstBus* /*bus*/, GstMessage* message, gpointer pool) {
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_STREAM_STATUS) return GST_BUS_PASS;
  GstStreamStatusType status{};
  gst_message_parse_stream_status(message, &status, nullptr);
  const GValue* object = gst_message_get_stream_status_object(message);
  if (status == GST_STREAM_STATUS_TYPE_CREATE && object != nullptr &&
      G_VALUE_TYPE(object) == GST_TYPE_TASK) {
    gst_task_set_pool(GST_TASK(g_value_get_object(object)), static_cast<GstTaskPool*>(pool));
  }
  gst_message_unref(message);
  return GST_BUS_DROP;
}

}  // namespace

void stand_back(int niceness) {
  if (niceness > 0) setpriority(PRIO_PROCESS, 0, niceness);  // on Linux: this thread
}

void run_in_background(GstElement* pipeline, int niceness) {
  auto* pool = static_cast<BackgroundPool*>(g_object_new(pool_type(), nullptr));
  gst_object_ref_sink(pool);
  pool->niceness = niceness;
  const auto bus = glue::adopt(gst_element_get_bus(pipeline));
  gst_bus_set_sync_handler(bus.get(), set_pool, pool, gst_object_unref);
}

}  // namespace anim
