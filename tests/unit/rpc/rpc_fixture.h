#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "rpc/dispatcher.h"
#include "rpc/fault.h"
#include "support/fake_host.h"
#include "wire/xmlrpc_reader.h"
#include "wire/xmlrpc_writer.h"

namespace sv::wire {

/// What failed comparisons print.
inline void PrintTo(const XmlRpcReply& reply, std::ostream* out) {
  *out << write_reply(reply);
}

}  // namespace sv::wire

namespace sv::rpc {

using test::FakeHost;
using test::group;
using test::Policy;
using test::RecordingLog;
using wire::XmlRpcArray;
using wire::XmlRpcReply;
using wire::XmlRpcStruct;
using wire::XmlRpcValue;

/// A call under way, as the server treats it.
class Conversation {
 public:
  Conversation(Outcome outcome, Host& host) : host_(host) {
    if (auto* reply = std::get_if<XmlRpcReply>(&outcome)) {
      reply_ = std::move(*reply);
    } else {
      pending_ = std::get<std::unique_ptr<Pending>>(std::move(outcome));
    }
  }

  /// Whether the reply has not come by now.
  [[nodiscard]] bool waits() {
    if (!reply_) {
      reply_ = pending_->poll(host_);
    }
    return !reply_;
  }
  /// The reply by now, as a client reads it; code -1 while there is none.
  [[nodiscard]] XmlRpcReply reply() {
    if (waits()) {
      return tl::unexpected(wire::XmlRpcFault{-1, "still waiting"});
    }
    const bool is_written = *reply_ && (*reply_)->get_if<wire::XmlRpcWritten>() != nullptr;
    return is_written ? *wire::read_reply(wire::write_reply(*reply_)) : *reply_;
  }
  [[nodiscard]] std::optional<MonoTime> deadline() const { return pending_->deadline(); }

 private:
  Host& host_;
  std::optional<XmlRpcReply> reply_;
  std::unique_ptr<Pending> pending_;
};

/// Everything between a decoded call and its reply, over a fake host.
class RpcTest : public ::testing::Test {
 protected:
  RpcTest() { host.startup.rpc_interfaces = {"supervisor"}; }

  /// Short method names are those of namespace supervisor.
  [[nodiscard]] Conversation begin(std::string_view method, XmlRpcArray params = {}) {
    std::string name(method);
    if (name.find('.') == std::string::npos) {
      name.insert(0, "supervisor.");
    }
    return {dispatcher.call({std::move(name), std::move(params)}), host};
  }

  /// The reply to a call that does not wait.
  [[nodiscard]] XmlRpcReply call(std::string_view method, XmlRpcArray params = {}) {
    return begin(method, std::move(params)).reply();
  }

  [[nodiscard]] static XmlRpcReply fault(int code, std::string text) {
    return tl::unexpected(wire::XmlRpcFault{code, std::move(text)});
  }
  [[nodiscard]] static XmlRpcReply yes() { return XmlRpcValue(true); }

  /// An entry in the answer of a method for many processes.
  [[nodiscard]] static XmlRpcValue status(std::string name, std::string group_name, int code = 80,
                                          std::string description = "OK") {
    return XmlRpcStruct{{"name", std::move(name)},
                        {"group", std::move(group_name)},
                        {"status", code},
                        {"description", std::move(description)}};
  }
  [[nodiscard]] static XmlRpcReply list(XmlRpcArray entries) {
    return XmlRpcValue(std::move(entries));
  }

  FakeHost host;
  RecordingLog log;
  Dispatcher dispatcher{host, log};
};

}  // namespace sv::rpc
