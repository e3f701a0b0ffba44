#include <utility>

#include "base/parse.h"
#include "base/text.h"
#include "config/load_state.h"
#include "config/value_types.h"

/// Groups that are more than their processes: event listener pools and FastCGI groups
/// (supervisor-config, 3.7 and 3.8). What is read here has no location suffix in messages, except
/// for the shared body.
namespace sv::config {
namespace {

constexpr std::string_view kDefaultHandler = "supervisor.dispatchers:default_handler";
constexpr int kListenerGroupPriority = -1;

std::vector<std::string> read_events(const SectionReader& reader) {
  const std::string& section = reader.section().name;
  const std::optional<std::string> text = reader.text("events");
  if (!reader.has("events") || (text && text->empty())) {
    reader.fail("events", cat({"[", section, "] section requires an \"events\" line"}));
  }
  Result<std::vector<std::string>> events = parse_event_names(text.value_or(""));
  if (!events) {
    reader.fail("events",
                cat({"Unknown event type ", events.error().message, " in [", section, "] events"}));
    return {};
  }
  return *std::move(events);
}

EventPoolConfig read_pool(const SectionReader& reader) {
  const std::string& section = reader.section().name;
  EventPoolConfig pool;
  pool.buffer_size = reader.value("buffer_size", parse_int);
  if (pool.buffer_size < 1) {
    reader.fail("buffer_size", cat({"[", section, "] section sets invalid buffer_size (",
                                    std::to_string(pool.buffer_size), ")"}));
  }
  pool.result_handler = reader.text_or_default("result_handler").value_or(pool.result_handler);
  if (pool.result_handler != kDefaultHandler) {
    reader.fail("result_handler", cat({pool.result_handler, " cannot be resolved within [", section,
                                       "]: only ", kDefaultHandler, " is built in"}));
  }
  pool.events = read_events(reader);
  if (reader.value("redirect_stderr", parse_redirection).value_or(false)) {
    reader.fail("redirect_stderr",
                cat({"[", section,
                     "] section sets redirect_stderr=true but this is not allowed because it will "
                     "interfere with the eventlistener protocol"}));
  }
  return pool;
}

/// Values of an [fcgi-program:x] that make its socket, in the order in which they are read.
class FcgiSocketReader {
 public:
  FcgiSocketReader(const LoadState& state, const SectionReader& reader)
      : context_(state.context), reader_(reader) {}

  FcgiSocketConfig read(const std::string& program) {
    const std::optional<UserIds> user = reader_.optional_value(
        "user", [this](std::string_view text) { return find_user_ids(text, context_); });
    const std::optional<int> backlog = reader_.optional_value("socket_backlog", parse_backlog);
    const std::optional<Ownership> owner =
        reader_.optional_value("socket_owner", [this](std::string_view text) {
          return parse_ownership(text, context_).map_error([text](Error error) {
            error.message = cat({"Invalid socket_owner value ", text});
            return error;
          });
        });
    const mode_t mode = reader_.value("socket_mode", [](std::string_view text) {
      return parse_octal(text).map_error([text](Error error) {
        error.message = cat({"Invalid socket_mode value ", text});
        return error;
      });
    });
    FcgiSocketConfig socket = read_address(program);
    socket.backlog = backlog;
    socket.mode = mode;
    if (owner) {
      socket.owner = owner;
    } else if (user && user->uid != context_.effective_uid) {
      socket.owner = Ownership{user->uid, user->gid};
    }
    return socket;
  }

 private:
  static Result<int> parse_backlog(std::string_view text) {
    constexpr int kLongest = 65535;
    const Result<int> backlog = parse_int(text);
    if (backlog && (*backlog < 1 || *backlog > kLongest)) {
      return fail(ErrorCode::invalid_argument,
                  "Invalid socket_backlog value " + std::to_string(*backlog));
    }
    return backlog;
  }

  FcgiSocketConfig read_address(const std::string& program) {
    ExpansionNames names = reader_.names();
    names.insert_or_assign("program_name", program);
    const SectionReader reader = reader_.with_names(names);
    const std::string& section = reader_.section().name;
    const std::optional<std::string> text = reader.text("socket");
    if (!reader.has("socket") || (text && text->empty())) {
      reader.fail("socket", cat({"[", section, "] section requires a \"socket\" line"}));
    }
    if (!text || text->empty()) {
      return {};
    }
    if (text->starts_with("tcp://") && (reader.has("socket_owner") || reader.has("socket_mode"))) {
      reader.fail("socket", cat({"socket_owner and socket_mode params should only be used with a "
                                 "Unix domain socket in [",
                                 section, "] socket"}));
      return {};
    }
    Result<FcgiSocketConfig> socket = parse_fcgi_socket(*text);
    if (!socket) {
      reader.fail("socket", cat({socket.error().message, " in [", section, "] socket"}));
      return {};
    }
    return *std::move(socket);
  }

  const LoadContext& context_;
  const SectionReader& reader_;
};

}  // namespace

GroupConfig load_event_pool(LoadState& state, const IniSection& section) {
  const SectionReader reader = reader_of(state, section, state.names);
  GroupConfig group;
  group.name = section.name.substr(section.name.find(':') + 1);
  group.priority = reader.optional_value("priority", parse_int).value_or(kListenerGroupPriority);
  group.event_pool = read_pool(reader);
  group.processes = load_processes(state, section, group.name);
  return group;
}

GroupConfig load_fcgi_group(LoadState& state, const IniSection& section) {
  const SectionReader reader = reader_of(state, section, state.names);
  GroupConfig group;
  group.name = checked_group_name(reader);
  group.priority = reader.value("priority", parse_int);
  group.fcgi_socket = FcgiSocketReader(state, reader).read(group.name);
  group.processes = load_processes(state, section, group.name);
  return group;
}

}  // namespace sv::config
