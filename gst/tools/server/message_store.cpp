// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/message_store.h"

#include <algorithm>

#include "gst/tools/server/task_database.h"

namespace anim::server {
namespace {

using Channel = OutgoingMessage::Channel;

OutgoingMessage message_of(const Statement& row) {
  return {.id = row.integer(0),
          .channel = static_cast<Channel>(row.integer(1)),
          .target = row.text(2),
          .name = row.text(3),
          .json = row.text(4),
          .attempts = static_cast<unsigned>(row.integer(5))};
}

}  // namespace

std::string receiver_of(const OutgoingMessage& message) {
  if (message.channel == Channel::Topic) return "topic " + message.target;
  const std::size_t scheme = message.target.find("://");
  const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
  return message.target.substr(0, message.target.find_first_of("/?#", host));
}

Status insert_message(Database& database, std::int64_t number, const OutgoingMessage& message,
                      Moment due) {
  auto insert = database.prepare(
      "INSERT INTO messages (number, channel, target, receiver, name, json, due) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->bind(number).bind(static_cast<std::int64_t>(message.channel)).bind(message.target);
  return insert->bind(receiver_of(message))
      .bind(message.name)
      .bind(message.json)
      .bind(due.count())
      .run();
}

Result<MessageStore> MessageStore::open(const std::string& folder) {
  auto database = open_task_database(folder);
  if (!database) return database.error();
  return MessageStore(std::move(*database));
}

Result<std::vector<OutgoingMessage>> MessageStore::due(Moment now, std::int64_t most,
                                                       const std::set<std::string>& busy) {
  const std::lock_guard lock(*mutex_);
  std::string marks;
  for (std::size_t i = 0; i < busy.size(); ++i) marks += i == 0 ? "?" : ", ?";
  auto statement = database_.prepare(
      "SELECT id, channel, target, name, json, attempts FROM messages WHERE due <= ? AND receiver "
      "NOT IN (" +
      marks + ") ORDER BY due, id LIMIT ?");
  if (!statement) return statement.error();
  statement->bind(now.count());
  for (const std::string& receiver : busy) statement->bind(receiver);
  statement->bind(most);
  std::vector<OutgoingMessage> out;
  while (true) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return out;
    out.push_back(message_of(*statement));
  }
}

Status MessageStore::drop(std::int64_t id) {
  const std::lock_guard lock(*mutex_);
  auto statement = database_.prepare("DELETE FROM messages WHERE id = ?");
  if (!statement) return statement.error();
  return statement->bind(id).run();
}

Status MessageStore::delay(const OutgoingMessage& message, Moment due, Moment others) {
  const std::lock_guard lock(*mutex_);
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  auto all =
      database_.prepare("UPDATE messages SET due = max(due, ?) WHERE channel = ? AND target = ?");
  if (!all) return all.error();
  all->bind(others.count()).bind(static_cast<std::int64_t>(message.channel)).bind(message.target);
  if (Status status = all->run(); !status) return status;
  auto one = database_.prepare("UPDATE messages SET attempts = attempts + 1, due = ? WHERE id = ?");
  if (!one) return one.error();
  if (Status status = one->bind(due.count()).bind(message.id).run(); !status) return status;
  return transaction->commit();
}

}  // namespace anim::server
