#include "shell/daemon.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/signals.h"
#include "base/text.h"
#include "os/reaper.h"
#include "rpc/names.h"
#include "shell/http_router.h"
#include "shell/signal_duty.h"

namespace sv::shell {
namespace {

std::optional<MonoTime> earlier(std::optional<MonoTime> a, std::optional<MonoTime> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

/// Listeners of what only the notifier finds out.
bool wants_memory_events(const config::Config& config) {
  return std::ranges::any_of(config.groups, [](const config::GroupConfig& group) {
    return group.event_pool &&
           std::ranges::any_of(group.event_pool->events, [](const std::string& name) {
             return name == "PROCESS_CRASH" || name == "PROCESS_OOM";
           });
  });
}

}  // namespace

Daemon::Daemon(Environment environment, std::shared_ptr<const config::Config> config,
               std::uint64_t next_event_serial)
    : env_(std::move(environment)),
      config_(std::move(config)),
      latest_(config_),
      events_(config_->daemon.identifier, next_event_serial, env_.clock, env_.log),
      tails_(env_.loop),
      hub_(env_.loop),
      sinks_(env_.outputs, env_.loop, env_.log, env_.clock, env_.program_name),
      auto_logs_(config_->daemon.child_log_dir, config_->daemon.identifier, env_.log),
      fcgi_sockets_(env_.log),
      launcher_({hub_, sinks_, auto_logs_, *this, env_.log}, env_.children,
                {.strip_ansi = config_->daemon.strip_ansi,
                 .default_server_url = config_->default_server_url}),
      services_({env_.loop, env_.log, env_.clock,
                 [this](core::ProcessId id, const core::Stimulus& stimulus) {
                   core_.feed(id, stimulus, now());
                   effects_.run();
                   settle_soon();
                 },
                 [this](const core::Process& process, int number) {
                   return effects_.signal(process, number);
                 },
                 [this](core::ProcessId id) { return core_.find(id); }}),
      effects_({core_, launcher_, *this, fcgi_sockets_, services_, env_.log, env_.clock},
               [this] { return env_.loop.turn(); }),
      adoption_([this](pid_t pid) -> std::optional<std::string> {
        const core::Process* process = core_.find_by_pid(pid);
        return process != nullptr ? std::optional(rpc::namespec_of(*process)) : std::nullopt;
      }),
      dispatcher_(*this, env_.log),
      pages_(*this, env_.log),
      api_(*this, env_.log),
      event_stream_(*this, env_.clock),
      deadline_(env_.loop, [this] { on_deadline(); }) {
  if (config_->navi.is_on() || wants_memory_events(*config_)) {
    notifier_.emplace(
        Notifier::Parts{env_.loop, env_.clock, env_.log, env_.outputs, config_->daemon.identifier,
                        [this](pid_t pid) { return effects_.was_killed(pid); },
                        [this] { settle_soon(); },
                        [this](const core::Event& event) { events_.publish(event); }},
        config_->navi);
  }
  if (notifier_) {
    events_.set_observer({[this](core::EventType type) { return notifier_->wants(type); },
                          [this](const core::Event& event) { notifier_->on_event(event); }});
  }
  events_.set_writer([this](core::ProcessId id, std::string_view frame) {
    Child* child = effects_.child(id);
    return child != nullptr ? child->io().write_stdin(frame) : StdinResult::closed;
  });
  env_.log.on_grown([this] { tails_.written({}); });
}

Daemon::~Daemon() {
  env_.log.on_grown({});
  if (env_.companion != nullptr) {
    env_.companion->daemon_gone();
  }
}

tl::expected<void, os::SocketError> Daemon::prepare() {
  const auto no_descriptor = [](const Error& error) {
    return tl::unexpected(os::SocketError{os::SocketError::Step::system, 0, error.message});
  };
  Result<uv::Async> settle_later = uv::Async::create(env_.loop, [this] { settle(); });
  if (!settle_later) {
    return no_descriptor(settle_later.error());
  }
  settle_later_.emplace(std::move(*settle_later));
  Result<uv::Async> reap_more = uv::Async::create(env_.loop, [this] { static_cast<void>(reap()); });
  if (!reap_more) {
    return no_descriptor(reap_more.error());
  }
  reap_more_.emplace(std::move(*reap_more));

  if (!config_->daemon.nocleanup) {
    auto_logs_.clean_up();
  }
  for (const config::GroupConfig& group : config_->groups) {
    // The loader has made names unique, so adding cannot fail. The configuration stays alive with
    // its groups: no copy of each.
    (void)core_.add_group(std::shared_ptr<const config::GroupConfig>(config_, &group), now());
  }
  effects_.run();
  for (const config::HttpServerConfig& server : config_->servers) {
    auto handler = std::make_unique<HttpRouter>(
        HttpRouter::Parts{dispatcher_, pages_, api_, *this, event_stream_, tails_, env_.log,
                          [this] { settle(); }},
        server);
    auto opened = HttpServer::open({env_.loop, env_.log, env_.clock}, server, std::move(handler));
    if (!opened) {
      return tl::unexpected(std::move(opened.error()));
    }
    servers_.push_back(std::move(*opened));
    for (const std::string& name : config_->rpc_interfaces) {
      env_.log.info(cat({"RPC interface '", name, "' initialized"}));
    }
    if (server.username.empty() && !server.section.empty()) {
      env_.log.critical(
          cat({"Server '", server.section, "' running without any HTTP authentication checking"}));
    }
  }
  if (env_.companion == nullptr) {
    for (const int number : kDaemonSignals) {
      watch(number);
    }
  }
  return {};
}

Daemon::Outcome Daemon::run() {
  core_.run(now());
  // A child may have ended before SIGCHLD was watched (a reload, or what ran before us).
  static_cast<void>(reap());
  settle();
  if (env_.companion != nullptr) {
    env_.companion->daemon_up(*this);
  }
  if (!finished_) {
    env_.loop.run();
  }
  if (notifier_) {
    notifier_->clean_end();
  }
  return core_.mood() == core::Mood::restarting ? Outcome::restart : Outcome::shutdown;
}

// The end of a batch
// -------------------------------------------------------------------------------

void Daemon::settle() {
  if (settling_) {
    return;  // called from inside: the outer call goes on
  }
  settling_ = true;
  struct Reset {
    bool& flag;
    ~Reset() { flag = false; }
  } reset{settling_};
  do {
    effects_.run();
    end_if_decided();
    effects_.run();
    events_.flush();
    if (std::exchange(state_changed_, false)) {
      for (const auto& server : servers_) {
        server->poll();
      }
    }
    // A reply may have asked for more (a multicall's next part), a listener may be gone.
  } while (state_changed_);
  effects_.run();
  events_.flush();
  event_stream_.flush();
  if (notifier_) {
    notifier_->look();
  }
  rearm();
}

void Daemon::settle_soon() noexcept {
  if (!settling_ && settle_later_) {
    settle_later_->post();
  }
}

void Daemon::on_deadline() {
  // Who ended in time did, however late we look: we may have been stopped, or frozen. Until all are
  // collected nobody's time is up.
  if (!reap()) {
    return;
  }
  core_.deadline_reached(now());
  events_.deadline_reached();
  event_stream_.deadline_reached();
  if (notifier_) {
    notifier_->deadline_reached();
  }
  state_changed_ = true;  // replies have deadlines, too
  settle();
}

void Daemon::rearm() {
  std::optional<MonoTime> due = earlier(core_.next_deadline(), events_.deadline());
  due = earlier(due, event_stream_.deadline());
  for (const auto& server : servers_) {
    due = earlier(due, server->deadline());
  }
  if (notifier_) {
    due = earlier(due, notifier_->deadline());
  }
  if (due && !finished_) {
    deadline_.start_at(*due, now().mono);
  } else {
    deadline_.stop();
  }
}

// Children and announcements
// -----------------------------------------------------------------------

void Daemon::on_output(core::ProcessId id, core::Channel channel, std::string_view bytes) noexcept {
  tails_.written({id, channel});
  if (notifier_) {
    notifier_->said(id, channel, bytes);
  }
}

void Daemon::on_log_data(core::ProcessId id, pid_t pid, core::Channel channel,
                         std::string_view data) noexcept {
  const bool is_out = channel == core::Channel::standard_output;
  const core::Process* process = core_.find(id);
  if (process != nullptr && events_.wants(is_out ? core::EventType::process_log_stdout
                                                 : core::EventType::process_log_stderr)) {
    events_.publish(core::process_log_event({process->config->name, process->group->shown()}, pid,
                                            channel, data));
    settle_soon();
  }
}

void Daemon::on_captured(core::ProcessId id, pid_t pid, core::Channel channel,
                         std::string_view data) noexcept {
  if (const core::Process* process = core_.find(id); process != nullptr) {
    events_.publish(core::process_communication_event(
        {process->config->name, process->group->shown()}, pid, channel, data));
    settle_soon();
  }
}

void Daemon::on_listener_output(core::ProcessId id, std::string_view bytes) noexcept {
  events_.listener_output(id, bytes);
  settle_soon();
}

void Daemon::on_state_change(const core::Process& process, const core::StateChange& change) {
  state_changed_ = true;
  services_.state_changed(process, change);
  events_.process_changed(process, change);
  if (!end_reason_ && core_.mood() == core::Mood::running) {
    end_reason_ = core::reason_to_end(config_->daemon.exit_on, core_.groups(), process, change);
  }
  event_stream_.state_changed(process, change);
  if (notifier_) {
    notifier_->state_changed(process, change,
                             {log_path(process.id, core::Channel::standard_output),
                              log_path(process.id, core::Channel::standard_error)});
  }
}

void Daemon::on_group_added(const core::Group* group, std::string_view name) {
  if (group != nullptr) {
    auto_logs_.create_for(*group);
    services_.add(*group);
    watch_forwarded(*group);
  }
  events_.group_added(group, name);
  event_stream_.group_added(name);
}

void Daemon::on_group_removed(std::string_view name) {
  services_.remove(name);
  events_.group_removed(name);
  event_stream_.group_removed(name);
}

void Daemon::on_mood(core::Mood mood) {
  state_changed_ = true;
  events_.publish(core::supervisor_state_event(mood));
  event_stream_.mood_changed(mood);
}

void Daemon::on_all_stopped() {
  finished_ = true;
  env_.loop.stop();
}

}  // namespace sv::shell
