#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/wait_status.h"
#include "config/config_error.h"
#include "config/model.h"
#include "core/exit_contract.h"
#include "core/supervisor.h"
#include "os/reaper.h"
#include "os/sockets.h"
#include "rpc/dispatcher.h"
#include "rpc/host.h"
#include "shell/activity_log.h"
#include "shell/adoption.h"
#include "shell/auto_logs.h"
#include "shell/child_launcher.h"
#include "shell/effect_runner.h"
#include "shell/event_bus.h"
#include "shell/event_stream.h"
#include "shell/fcgi_sockets.h"
#include "shell/http_server.h"
#include "shell/log_tails.h"
#include "shell/notifier.h"
#include "shell/runit_services.h"
#include "shell/stream_output.h"
#include "shell/uv/async.h"
#include "shell/uv/loop.h"
#include "shell/uv/signal.h"
#include "shell/uv/timer.h"
#include "web/api.h"
#include "web/pages.h"

namespace sv::shell {

class Daemon;

/// What process 1 does beside supervising, while a daemon lives (docs/design/process-one.md).
class Companion {
 public:
  virtual ~Companion() = default;

  /// A life of the daemon has begun; signals reach it through take_signal() only.
  virtual void daemon_up(Daemon& daemon) = 0;
  virtual void daemon_gone() noexcept = 0;
  /// A pid that is no program's was reaped. False: not the companion's either.
  virtual bool child_exited(pid_t pid, WaitStatus status) = 0;
  /// The daemon is to end, with this status if a program decided so. True: something comes first,
  /// and begin_shutdown() follows.
  virtual bool holds_shutdown(std::optional<int> decided) = 0;
};

/// One life of the daemon: from a valid configuration until everything is stopped. A reload ends
/// one life and begins another in the same process.
///
/// Owns the core and everything the core's effects need. After every batch of events settle() runs:
/// effects, then events to listeners, then replies that wait, then events to browsers, then the one
/// policy timer.
class Daemon final : public rpc::Host, private ChildObserver, private AnnouncementListener {
 public:
  using ConfigResult = tl::expected<config::Config, config::ConfigErrors>;

  /// What outlives a life.
  struct Environment {
    uv::Loop& loop;
    const Clock& clock;
    StandardOutputs& outputs;
    DaemonLog& log;
    ChildEnvironment children;
    /// Reads the configuration again, with the command line still overriding.
    std::function<ConfigResult()> load;
    std::string program_name;  ///< for syslog
    /// Called supervisord: ends as the reference does, however long that takes.
    bool is_drop_in = false;
    Companion* companion = nullptr;
  };

  enum class Outcome { shutdown, restart };

  Daemon(Environment environment, std::shared_ptr<const config::Config> config,
         std::uint64_t next_event_serial);
  ~Daemon() override;

  /// Makes groups, opens servers, installs signal handlers. After an error nothing is running and
  /// the daemon is of no further use.
  tl::expected<void, os::SocketError> prepare();

  /// Starts what is to be started and serves until everything is stopped.
  [[nodiscard]] Outcome run();

  /// What the daemon ends with (docs/exit-status.md): the status of the program it ended for, 0, or
  /// kKilledStatus when something did not stop in time.
  [[nodiscard]] int exit_status() const;

  /// A "timeout" to the shell: something had to be killed.
  static constexpr int kKilledStatus = 124;
  /// For all of a shutdown, as process 1: container engines kill after ten seconds.
  static constexpr std::chrono::seconds kDefaultShutdownDeadline{9};

  /// For the companion: what it has watched in the daemon's stead, and the end it held up.
  void take_signal(int number) { on_signal(number); }
  void collect_children() { static_cast<void>(reap()); }
  /// `within`: everything must be down by then.
  void begin_shutdown(std::optional<Duration> within);
  /// Whether a program gets this signal (forward_signals=) instead of its doing what it does.
  [[nodiscard]] bool forwards(int number) const;

  /// After a restart: the configuration that was found valid when the restart was asked for.
  [[nodiscard]] std::shared_ptr<const config::Config> next_config() { return next_config_; }
  [[nodiscard]] std::uint64_t next_event_serial() const { return events_.next_serial(); }

  // rpc::Host ------------------------------------------------------------------------------------

  [[nodiscard]] Now now() const override { return env_.clock.now(); }
  [[nodiscard]] const core::Supervisor& supervisor() const override { return core_; }
  [[nodiscard]] const config::Config& startup_config() const override { return *config_; }
  [[nodiscard]] const config::Config& latest_config() const override { return *latest_; }
  [[nodiscard]] pid_t pid() const override;
  [[nodiscard]] std::optional<wire::XmlRpcFault> check_command(core::ProcessId id) override;
  void start(core::ProcessId id) override;
  void stop(core::ProcessId id) override;
  Result<void> signal(core::ProcessId id, int number) override;
  StdinOutcome write_stdin(core::ProcessId id, std::string_view text) override;
  [[nodiscard]] std::vector<std::optional<ResourceUsage>> usage_of(
      std::span<const pid_t> pids) const override;
  void send_remote_event(std::string_view type, std::string_view data) override;
  [[nodiscard]] std::optional<std::string> log_path(core::ProcessId id,
                                                    core::Channel channel) const override;
  [[nodiscard]] std::optional<std::string> main_log_path() const override;
  [[nodiscard]] Result<std::uint64_t> log_size(const std::string& path) const override;
  [[nodiscard]] Result<std::string> read_log(const std::string& path, std::uint64_t offset,
                                             std::uint64_t length) const override;
  [[nodiscard]] std::uint64_t log_bytes(core::ProcessId id, core::Channel channel) const override;
  Result<void> clear_logs(core::ProcessId id) override;
  Result<void> clear_main_log() override;
  tl::expected<config::GroupChanges, std::string> reread() override;
  Result<void> add_group(std::string_view name) override;
  Result<void> remove_group(std::string_view name) override;
  [[nodiscard]] const rpc::Orphans& orphans() const override { return adoption_.count(); }
  void shut_down() override;
  Result<void> restart() override;

 private:
  // ChildObserver
  void on_output(core::ProcessId id, core::Channel channel,
                 std::string_view bytes) noexcept override;
  void on_log_data(core::ProcessId id, pid_t pid, core::Channel channel,
                   std::string_view data) noexcept override;
  void on_captured(core::ProcessId id, pid_t pid, core::Channel channel,
                   std::string_view data) noexcept override;
  void on_listener_output(core::ProcessId id, std::string_view bytes) noexcept override;

  // AnnouncementListener
  void on_state_change(const core::Process& process, const core::StateChange& change) override;
  void on_group_added(const core::Group* group, std::string_view name) override;
  void on_group_removed(std::string_view name) override;
  void on_mood(core::Mood mood) override;
  void on_all_stopped() override;

  void watch(int number);
  void watch_forwarded(const core::Group& group);
  void forward(int number);
  void on_signal(int number);
  void exit_requested(const std::string& signal);
  void end_if_decided();
  [[nodiscard]] std::optional<Duration> shutdown_time() const;
  /// Whether nobody is left to be collected; otherwise it goes on at the next turn.
  bool reap();
  void collect(const os::Reaped& reaped);
  void reopen_logs();
  [[nodiscard]] Result<std::shared_ptr<const config::Config>> load_valid();
  void take_over(const config::DaemonConfig& config);

  void settle();
  void settle_soon() noexcept;
  void on_deadline();
  void rearm();

  /// Children are collected so many at a time, for so long; then others have their turn. Each may
  /// be a crash to be told of and a program to be started again, some milliseconds together.
  static constexpr std::size_t kReapBatch = 4;
  static constexpr std::chrono::milliseconds kReapTime{5};

  Environment env_;
  std::shared_ptr<const config::Config> config_;  ///< of this life
  std::shared_ptr<const config::Config> latest_;  ///< most recently read
  std::shared_ptr<const config::Config> next_config_;
  std::optional<core::EndReason> end_reason_;  ///< a program decided that it is over
  bool end_told_ = false;                      ///< and the end was asked for

  core::Supervisor core_;
  EventBus events_;
  LogTails tails_;
  OutputHub hub_;
  SinkFactory sinks_;
  AutoLogs auto_logs_;
  FcgiSockets fcgi_sockets_;
  ChildLauncher launcher_;
  RunitServices services_;
  EffectRunner effects_;
  Adoption adoption_;
  std::optional<Notifier> notifier_;
  rpc::Dispatcher dispatcher_;
  web::Pages pages_;
  web::Api api_;
  EventStream event_stream_;
  uv::Timer deadline_;
  std::optional<uv::Async> settle_later_;
  std::optional<uv::Async> reap_more_;
  std::map<int, uv::Signal> signals_;
  std::vector<std::unique_ptr<HttpServer>> servers_;

  bool settling_ = false;
  bool child_ended_ = false;    ///< SIGCHLD has come since children were collected
  bool state_changed_ = false;  ///< replies that wait want to be looked at
  bool finished_ = false;
};

}  // namespace sv::shell
