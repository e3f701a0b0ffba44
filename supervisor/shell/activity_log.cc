#include "shell/activity_log.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <sys/stat.h>

#include <cerrno>
#include <exception>
#include <functional>
#include <utility>
#include <variant>

#include "base/text.h"
#include "os/fs.h"
#include "shell/log_file.h"
#include "shell/syslog_sink.h"

namespace sv::shell {
namespace {

/// What became of a line.
struct Delivery {
  std::size_t dropped = 0;
  int err = 0;
};

/// Where formatted lines go. spdlog's own rotating sink sleeps and names backups differently.
class Target {
 public:
  virtual ~Target() = default;
  virtual Delivery write(std::string_view line, WallTime when) = 0;
  [[nodiscard]] virtual int reopen() { return 0; }
  virtual Result<void> clear() { return {}; }
};

class FileTarget final : public Target {
 public:
  explicit FileTarget(UniqueFd fd, LogFile::Options options)
      : file_(std::move(fd), std::move(options)) {}

  Delivery write(std::string_view line, WallTime /*when*/) override {
    const LogFile::Outcome outcome = file_.write(line);
    return {outcome.dropped, outcome.err};
  }
  int reopen() override { return file_.reopen(); }
  Result<void> clear() override { return file_.clear(); }

 private:
  LogFile file_;
};

class StreamTarget final : public Target {
 public:
  StreamTarget(std::unique_ptr<StreamOutput> owned, StreamOutput& output)
      : owned_(std::move(owned)), output_(output) {}

  Delivery write(std::string_view line, WallTime /*when*/) override {
    const StreamOutput::Outcome outcome = output_.write(line);
    return {outcome.dropped, outcome.err};
  }

 private:
  std::unique_ptr<StreamOutput> owned_;
  StreamOutput& output_;
};

/// Every line with the same priority, and whole: time and level are part of the text, as in the
/// reference.
class SyslogTarget final : public Target {
 public:
  explicit SyslogTarget(std::string ident) : socket_(std::move(ident)) {}

  Delivery write(std::string_view line, WallTime when) override {
    for (const std::string_view part : split(trim(line), '\n')) {
      if (const int err = socket_.send(part, when); err != 0) {
        return {line.size(), err};
      }
    }
    return {};
  }
  Result<void> clear() override {
    return fail(ErrorCode::not_found, "the system's log is not ours to clear");
  }

 private:
  SyslogSocket socket_;
};

Result<std::unique_ptr<Target>> open_file(const config::ActivityLogConfig& log,
                                          StandardOutputs& outputs, uv::Loop& loop) {
  if (const std::optional<int> fd = StandardOutputs::descriptor_named(log.path)) {
    return std::make_unique<StreamTarget>(nullptr, outputs.at(*fd));
  }
  tl::expected<UniqueFd, int> fd = os::open_append(log.path, 0666);
  if (!fd) {
    return fail_errno(fd.error(), cat({"cannot open log file '", log.path, "'"}));
  }
  struct stat info {};
  if (::fstat(fd->get(), &info) != 0) {
    return fail_errno(errno, cat({"cannot examine log file '", log.path, "'"}));
  }
  if (S_ISREG(info.st_mode)) {
    return std::make_unique<FileTarget>(
        std::move(*fd),
        LogFile::Options{.path = log.path, .limits = {log.max_bytes, log.backups}, .mode = 0666});
  }
  auto output = StreamOutput::own(loop, std::move(*fd));
  StreamOutput& stream = *output;
  return std::make_unique<StreamTarget>(std::move(output), stream);
}

/// Hands spdlog's formatted lines on. Without a lock: there is one thread.
class LineSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  using Handler = std::function<void(std::string_view line, WallTime when)>;

  explicit LineSink(Handler handler) : handler_(std::move(handler)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    handler_({line.data(), line.size()}, message.time);
  }
  void flush_() override {}

 private:
  Handler handler_;
};

/// The level is part of the text: spdlog knows fewer levels and other names.
constexpr const char* kPattern = "%Y-%m-%d %H:%M:%S,%e %v";

}  // namespace

struct DaemonLog::Impl {
  Impl(std::unique_ptr<Target> main_target, std::optional<std::string> file_path,
       std::unique_ptr<Target> copy, const Clock& used_clock);

  void write(Level level, std::string_view text);
  void deliver(std::string_view line, WallTime when);

  std::unique_ptr<Target> target;
  std::optional<std::string> path;
  std::unique_ptr<Target> copy_target;  ///< standard output; unset: no copy
  const Clock& clock;
  Delivery lost;  ///< not yet mentioned in the log itself
  spdlog::logger logger;
};

DaemonLog::Impl::Impl(std::unique_ptr<Target> main_target, std::optional<std::string> file_path,
                      std::unique_ptr<Target> copy, const Clock& used_clock)
    : target(std::move(main_target)),
      path(std::move(file_path)),
      copy_target(std::move(copy)),
      clock(used_clock),
      logger("", std::make_shared<LineSink>(
                     [this](std::string_view line, WallTime when) { deliver(line, when); })) {
  logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(
      kPattern, spdlog::pattern_time_type::local, "\n"));
  logger.set_level(spdlog::level::trace);               // what is logged is decided before
  logger.set_error_handler([](const std::string&) {});  // the default one prints to stderr
}

void DaemonLog::Impl::write(Level level, std::string_view text) {
  const WallTime now = clock.now().wall;
  if (lost.dropped > 0) {
    const Delivery before = std::exchange(lost, Delivery{});
    const std::string note =
        cat({level_tag(Level::error), " cannot write to the activity log: ",
             before.err == EAGAIN ? "the reader is too slow" : errno_text(before.err), " (",
             std::to_string(before.dropped), " bytes dropped)"});
    logger.log(now, {}, spdlog::level::info, note);
    if (lost.dropped > 0) {
      lost = {before.dropped, before.err};  // the note was lost as well; count on
    }
  }
  logger.log(now, {}, spdlog::level::info, cat({level_tag(level), " ", text}));
}

void DaemonLog::Impl::deliver(std::string_view line, WallTime when) {
  const Delivery delivery = target->write(line, when);
  if (delivery.dropped > 0) {
    lost.dropped += delivery.dropped;
    lost.err = delivery.err;
  }
  if (copy_target != nullptr) {
    copy_target->write(line, when);
  }
}

DaemonLog::DaemonLog(Level threshold, std::unique_ptr<Impl> impl)
    : threshold_(threshold), impl_(std::move(impl)) {}

DaemonLog::~DaemonLog() = default;

Result<std::unique_ptr<DaemonLog>> DaemonLog::create(const DaemonLogOptions& options,
                                                     StandardOutputs& outputs, uv::Loop& loop,
                                                     const Clock& clock) {
  std::unique_ptr<Target> target;
  std::optional<std::string> path;
  if (options.log.syslog) {
    target = std::make_unique<SyslogTarget>(options.ident);
  } else {
    Result<std::unique_ptr<Target>> file = open_file(options.log, outputs, loop);
    if (!file) {
      return tl::unexpected(file.error());
    }
    target = std::move(*file);
    path = options.log.path;
  }
  std::unique_ptr<Target> copy;
  if (options.copy_to_stdout) {
    copy = std::make_unique<StreamTarget>(nullptr, outputs.at(1));
  }
  auto impl = std::make_unique<Impl>(std::move(target), std::move(path), std::move(copy), clock);
  return std::unique_ptr<DaemonLog>(new DaemonLog(options.log.level, std::move(impl)));
}

void DaemonLog::write(Level level, std::string_view text) noexcept {
  if (!enabled(level)) {
    return;
  }
  try {
    impl_->write(level, text);
  } catch (const std::exception&) {  // out of memory; there is nowhere left to say it
    impl_->lost.dropped += text.size();
    impl_->lost.err = ENOMEM;
  }
  if (on_grown_) {
    on_grown_();
  }
}

void DaemonLog::reopen() noexcept {
  if (const int err = impl_->target->reopen(); err != 0) {
    error(cat({"cannot reopen log file '", impl_->path.value_or(""), "': ", errno_text(err)}));
  }
}

Result<void> DaemonLog::clear() noexcept {
  return impl_->target->clear();
}

std::optional<std::string> DaemonLog::path() const {
  return impl_->path;
}

void DaemonLog::stop_copying_to_stdout() noexcept {
  impl_->copy_target.reset();
}

}  // namespace sv::shell
