// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/net/http.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string_view>

#include <curl/curl.h>

namespace anim {
namespace {

constexpr std::size_t kMaxHeaders = 200;

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FileDeleter {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;
struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;
using File = std::unique_ptr<std::FILE, FileDeleter>;

// libcurl's own setup, which must happen before threads use it; never undone, as another part of
// the process may use it too.
bool is_curl_ready() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

/// What libcurl's callbacks work on.
struct Transfer {
  const HttpRequest& request;
  const StopSignal& stop;
  File file = nullptr;
  std::uint64_t sent = 0;  ///< bytes of the body
  HttpAnswer answer = {};

  [[nodiscard]] std::uint64_t size() const {
    return request.file.empty() ? request.body.size() : request.range.length;
  }
};

std::size_t give_body(char* to, std::size_t size, std::size_t count, void* data) {
  auto& transfer = *static_cast<Transfer*>(data);
  const auto wanted = std::min<std::uint64_t>(size * count, transfer.size() - transfer.sent);
  if (wanted == 0) return 0;
  std::size_t given = wanted;
  if (transfer.file) {
    given = std::fread(to, 1, wanted, transfer.file.get());
    if (given == 0) return CURL_READFUNC_ABORT;  // the file has shrunk
  } else {
    transfer.request.body.copy(to, wanted, transfer.sent);
  }
  transfer.sent += given;
  return given;
}

// A connection that was kept may turn out to be dead after the body has begun.
int rewind_body(void* data, curl_off_t offset, int origin) {
  auto& transfer = *static_cast<Transfer*>(data);
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  transfer.sent = static_cast<std::uint64_t>(offset);
  if (!transfer.file) return CURL_SEEKFUNC_OK;
  const auto at = static_cast<off_t>(transfer.request.range.offset + transfer.sent);
  return fseeko(transfer.file.get(), at, SEEK_SET) == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

// What is beyond the bound is not waited for: note_end() knows.
std::size_t take_body(char* from, std::size_t size, std::size_t count, void* data) {
  auto& transfer = *static_cast<Transfer*>(data);
  std::string& body = transfer.answer.body;
  body.append(from, std::min(size * count, transfer.request.most - body.size()));
  return body.size() < transfer.request.most ? size * count : 0;
}

std::size_t take_header(char* from, std::size_t size, std::size_t count, void* data) {
  auto& headers = static_cast<Transfer*>(data)->answer.headers;
  const std::string_view line(from, size * count);
  if (line.starts_with("HTTP/")) headers.clear();  // of an interim answer
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || headers.size() >= kMaxHeaders) return line.size();
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::string_view value = line.substr(colon + 1);
  const std::size_t begin = value.find_first_not_of(" \t\r\n");
  value = begin == std::string_view::npos ? std::string_view() : value.substr(begin);
  headers[name] = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
  return line.size();
}

int look_for_stop(void* data, curl_off_t /*to_get*/, curl_off_t /*got*/, curl_off_t /*to_send*/,
                  curl_off_t /*sent*/) {
  return static_cast<Transfer*>(data)->stop.is_stopped() ? 1 : 0;
}

void set_method(CURL* easy, const HttpRequest& request, const Transfer& transfer) {
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (request.method == "PUT" || request.method == "POST") {
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(transfer.size()));
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

List header_list(const HttpRequest& request) {
  // No wait for "100 Continue": many servers do not know it.
  List list(curl_slist_append(nullptr, "Expect:"));
  for (const auto& [name, value] : request.headers) {
    std::string line = name;
    line.append(value.empty() ? ";" : ": ").append(value);  // libcurl drops a name with ':' alone
    curl_slist_append(list.get(), line.c_str());
  }
  return list;
}

void set_times(CURL* easy, const HttpTimes& times) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);  // other threads
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(times.connect.count()));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(times.silence.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(times.whole.count()));
}

void set_callbacks(CURL* easy, Transfer* transfer) {
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
  curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
  curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind_body);
  curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, look_for_stop);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
}

// libcurl tells it only of answers that are read to their end.
std::string redirect_of(const std::string& url, const HttpAnswer& answer) {
  const std::string location = answer.header("location");
  if (answer.status < 300 || answer.status > 399 || location.empty()) return {};
  const Url parsed(curl_url());
  char* joined = nullptr;
  const bool is_url = curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
                      curl_url_set(parsed.get(), CURLUPART_URL, location.c_str(),
                                   CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
                      curl_url_get(parsed.get(), CURLUPART_URL, &joined, 0) == CURLUE_OK;
  std::string out = is_url ? joined : "";
  curl_free(joined);
  return out;
}

// libcurl's words for a code are constant texts, without any part of the URL.
void note_end(CURL* easy, CURLcode code, const HttpRequest& request, HttpAnswer& answer) {
  if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && answer.body.size() == request.most)) {
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer.status);
    answer.redirect = redirect_of(request.url, answer);
    answer.end = RequestEnd::Answered;
    return;
  }
  answer.trouble = curl_easy_strerror(code);
  const bool is_ours = code == CURLE_ABORTED_BY_CALLBACK || code == CURLE_UNSUPPORTED_PROTOCOL ||
                       code == CURLE_URL_MALFORMAT;
  answer.end = is_ours ? RequestEnd::Refused : RequestEnd::NoAnswer;
}

}  // namespace

std::string HttpAnswer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

HttpAnswer send(const HttpRequest& request, const StopSignal& stop) {
  Transfer transfer{request, stop};
  const Easy easy(is_curl_ready() ? curl_easy_init() : nullptr);
  if (!easy) {
    transfer.answer.trouble = "libcurl cannot be used";
    transfer.answer.end = RequestEnd::Refused;
    return transfer.answer;
  }
  if (!request.file.empty()) {
    transfer.file.reset(std::fopen(request.file.c_str(), "rb"));
    if (!transfer.file || rewind_body(&transfer, 0, SEEK_SET) != CURL_SEEKFUNC_OK) {
      transfer.answer.trouble = "the file to send cannot be read";
      transfer.answer.end = RequestEnd::Refused;
      return transfer.answer;
    }
  }
  const List headers = header_list(request);
  curl_easy_setopt(easy.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  set_callbacks(easy.get(), &transfer);
  set_times(easy.get(), request.times);
  set_method(easy.get(), request, transfer);
  note_end(easy.get(), curl_easy_perform(easy.get()), request, transfer.answer);
  return transfer.answer;
}

}  // namespace anim
