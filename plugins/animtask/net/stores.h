// SPDX-License-Identifier: LGPL-2.1-or-later
// Which of a task's places are in object stores, as the settings have it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "gst/core/error.h"
#include "gst/core/store/store_config.h"
#include "gst/core/uri.h"
#include "plugins/animtask/net/stop_signal.h"
#include "plugins/animtask/net/store_client.h"

namespace anim {

/// Settings by name, as in the environment.
using SettingValues = std::map<std::string, std::string, std::less<>>;

/// The settings of stores and of the message service that the environment has, `given` ones first.
[[nodiscard]] SettingValues setting_values(const SettingValues& given);

/// Whether a setting of that name is known.
[[nodiscard]] bool is_setting_name(std::string_view name);

/// The stores of one task. `stop` must outlive it.
class Stores {
 public:
  Stores(SettingValues values, StopSignal& stop) : values_(std::move(values)), stop_(&stop) {}

  /// The store that holds `place`; nothing when it is not in one. Fails with InvalidArgument when
  /// the place needs a store and that is not configured, or its bucket's name is none.
  [[nodiscard]] Result<std::optional<StoreClient>> of(const Place& place) const;

  /// Stops whatever waits for a network.
  [[nodiscard]] StopSignal& stop_signal() const { return *stop_; }

  /// The service that takes topics' messages; nothing when topics are folders.
  [[nodiscard]] Result<std::optional<MnsConfig>> message_service() const;

 private:
  [[nodiscard]] SettingLookup settings() const;

  SettingValues values_;
  StopSignal* stop_;
};

}  // namespace anim
