// SPDX-License-Identifier: LGPL-2.1-or-later
// What the stores' rooms do, for tests that hold it against other programs.
//
//   store_tool presign KIND TIME SECONDS BUCKET   signed URLs of the keys on standard input, a line
//                                                 each; TIME as YYYYMMDDThhmmssZ
//   store_tool upload URI FILE ABOVE PART         an upload in parts of PART bytes above ABOVE
// Settings come from the environment, as for animtaskbin.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "gst/core/store/store_config.h"
#include "plugins/animtask/net/stores.h"
#include "plugins/animtask/net/upload.h"

using namespace anim;

namespace {

int complain(const Error& error) {
  std::cerr << error.message << '\n';
  return 1;
}

Result<StoreConfig> config_of(const std::string& kind) {
  const SettingLookup settings = [](std::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return std::string(value != nullptr ? value : "");
  };
  if (kind == "s3") return s3_config(settings);
  auto oss = oss_config(settings);
  if (!oss) return oss.error();
  return oss->value();
}

int presign(const std::string& kind, const std::string& time, unsigned seconds,
            const std::string& bucket) {
  const auto store = config_of(kind);
  if (!store) return complain(store.error());
  std::string key;
  while (std::getline(std::cin, key)) {
    const RequestToSign request = request_for(*store, "GET", bucket, key);
    const SigningScope scope{store->kind, store->region, time};
    std::cout << url_of(*store, request)
              << query_text(presigned_query(request, scope, store->credentials, seconds)) << '\n';
  }
  return 0;
}

int upload_file(const std::string& uri, const std::string& file, const MultipartRule& rule) {
  StopSignal stop;
  const auto place = output_place(uri);
  if (!place) return complain(place.error());
  const auto store = Stores(setting_values({}), stop).of(*place);
  if (!store) return complain(store.error());
  if (!*store) return complain({ErrorCode::InvalidArgument, uri + " is in no store", {}});
  const Status status = upload(**store, *place, file, "image/webp", rule);
  return status ? 0 : complain(status.error());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 6 ? argv[1] : "";
  if (what == "presign") {
    return presign(argv[2], argv[3], static_cast<unsigned>(std::stoul(argv[4])), argv[5]);
  }
  if (what == "upload") {
    return upload_file(argv[2], argv[3],
                       {.above = std::stoull(argv[4]), .part_size = std::stoull(argv[5])});
  }
  std::cerr << "usage: store_tool presign KIND TIME SECONDS BUCKET | upload URI FILE ABOVE PART\n";
  return 2;
}
