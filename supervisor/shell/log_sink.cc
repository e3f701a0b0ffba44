#include "shell/log_sink.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <utility>

#include "base/text.h"
#include "os/fs.h"
#include "shell/drop_report.h"
#include "shell/log_file.h"
#include "shell/syslog_sink.h"

namespace sv::shell {
namespace {

/// NONE, and /dev/null under its name.
class NullSink final : public LogSink {
 public:
  explicit NullSink(std::optional<std::string> path) : path_(std::move(path)) {}

  void write(std::string_view /*bytes*/) noexcept override {}
  [[nodiscard]] std::optional<std::string> path() const override { return path_; }

 private:
  std::optional<std::string> path_;
};

class FileSink final : public LogSink {
 public:
  FileSink(UniqueFd fd, LogFile::Options options, ActivityLog& log, const Clock& clock,
           const std::string& label)
      : file_(std::move(fd), std::move(options)),
        log_(log),
        drops_(log, clock, cat({"the log of ", label})) {}

  void write(std::string_view bytes) noexcept override {
    const LogFile::Outcome outcome = file_.write(bytes);
    drops_.add(outcome.dropped, outcome.err);
  }

  void reopen() noexcept override {
    if (const int err = file_.reopen(); err != 0) {
      log_.error(cat({"cannot reopen '", file_.path(), "': ", errno_text(err)}));
    }
  }

  Result<void> clear() noexcept override { return file_.clear(); }
  [[nodiscard]] std::optional<std::string> path() const override { return file_.path(); }

 private:
  LogFile file_;
  ActivityLog& log_;
  DropReport drops_;
};

/// A descriptor with a reader. Either its own output, or one of the daemon's standard outputs,
/// which stays when the channel goes.
class StreamSink final : public LogSink {
 public:
  StreamSink(std::unique_ptr<StreamOutput> owned, StreamOutput& output, std::string path,
             ActivityLog& log, const Clock& clock)
      : owned_(std::move(owned)),
        output_(output),
        path_(std::move(path)),
        drops_(log, clock, cat({"'", path_, "'"})) {}

  void write(std::string_view bytes) noexcept override {
    const StreamOutput::Outcome outcome = output_.write(bytes);
    drops_.add(outcome.dropped, outcome.err);
  }

  [[nodiscard]] std::optional<std::string> path() const override { return path_; }

 private:
  std::unique_ptr<StreamOutput> owned_;
  StreamOutput& output_;
  std::string path_;
  DropReport drops_;
};

/// A file and syslog.
class TeeSink final : public LogSink {
 public:
  TeeSink(std::unique_ptr<LogSink> file, std::unique_ptr<LogSink> syslog)
      : file_(std::move(file)), syslog_(std::move(syslog)) {}

  void write(std::string_view bytes) noexcept override {
    file_->write(bytes);
    syslog_->write(bytes);
  }
  void reopen() noexcept override { file_->reopen(); }
  Result<void> clear() noexcept override { return file_->clear(); }
  [[nodiscard]] std::optional<std::string> path() const override { return file_->path(); }

 private:
  std::unique_ptr<LogSink> file_;
  std::unique_ptr<LogSink> syslog_;
};

bool is_null_device(const struct stat& info) {
  return S_ISCHR(info.st_mode) && info.st_rdev == makedev(1, 3);
}

}  // namespace

SinkFactory::SinkFactory(StandardOutputs& outputs, uv::Loop& loop, ActivityLog& log,
                         const Clock& clock, std::string ident)
    : outputs_(outputs),
      loop_(loop),
      log_(log),
      clock_(clock),
      syslog_(std::make_unique<SyslogSocket>(std::move(ident))) {}

SinkFactory::~SinkFactory() = default;

tl::expected<std::unique_ptr<LogSink>, int> SinkFactory::open(const SinkSpec& spec) {
  std::unique_ptr<LogSink> syslog;
  if (spec.syslog) {
    syslog = std::make_unique<SyslogSink>(*syslog_, log_, clock_, spec.process, spec.label);
  }
  if (!spec.path) {
    return syslog != nullptr ? std::move(syslog) : std::make_unique<NullSink>(std::nullopt);
  }
  tl::expected<std::unique_ptr<LogSink>, int> file = open_path(spec);
  if (!file || syslog == nullptr) {
    return file;
  }
  return std::make_unique<TeeSink>(std::move(*file), std::move(syslog));
}

tl::expected<std::unique_ptr<LogSink>, int> SinkFactory::open_path(const SinkSpec& spec) {
  const std::string& path = *spec.path;
  if (const std::optional<int> fd = StandardOutputs::descriptor_named(path)) {
    return std::make_unique<StreamSink>(nullptr, outputs_.at(*fd), path, log_, clock_);
  }
  tl::expected<UniqueFd, int> fd = os::open_append(path, spec.mode);
  if (!fd) {
    return tl::unexpected(fd.error());
  }
  struct stat info {};
  if (::fstat(fd->get(), &info) != 0) {
    return tl::unexpected(errno);
  }
  if (S_ISREG(info.st_mode)) {
    LogFile::Options options{
        .path = path, .limits = {spec.max_bytes, spec.backups}, .mode = spec.mode};
    return std::make_unique<FileSink>(std::move(*fd), std::move(options), log_, clock_, spec.label);
  }
  if (is_null_device(info)) {
    return std::make_unique<NullSink>(path);
  }
  auto output = StreamOutput::own(loop_, std::move(*fd));
  StreamOutput& target = *output;
  return std::make_unique<StreamSink>(std::move(output), target, path, log_, clock_);
}

}  // namespace sv::shell
