#include "shell/syslog_sink.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <utility>

#include "base/text.h"

namespace sv::shell {
namespace {

constexpr std::string_view kUserInfo = "<14>";

/// "Nov 26 07:05:09", as syslog wants it whatever the locale.
std::string timestamp(WallTime when) {
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = unix_seconds(when);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  char text[64];
  const int size =
      std::snprintf(text, sizeof text, "%s %2d %02d:%02d:%02d", kMonths[local.tm_mon % 12],
                    local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
  return {text, static_cast<std::size_t>(size)};
}

/// The server has gone, or was replaced by another one.
bool is_disconnected(int err) {
  return err == ECONNREFUSED || err == ENOTCONN || err == ECONNRESET || err == EPIPE ||
         err == EBADF || err == EDESTADDRREQ;
}

std::string_view without_trailing_line_feeds(std::string_view text) {
  const std::size_t last = text.find_last_not_of('\n');
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

// SyslogSocket ------------------------------------------------------------------------------------

SyslogSocket::SyslogSocket(std::string ident, std::string path)
    : ident_(std::move(ident)), path_(std::move(path)) {}

int SyslogSocket::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) {
    return ENAMETOOLONG;
  }
  std::memcpy(address.sun_path, path_.data(), path_.size());
  fd_.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd_ ||
      ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int err = errno;
    fd_.reset();
    return err;
  }
  return 0;
}

int SyslogSocket::send(std::string_view text, WallTime when) {
  const std::string datagram =
      cat({kUserInfo, timestamp(when), " ", ident_, ": ", text.substr(0, kMaxText)});
  int err = ENOTCONN;
  // Once with the connection there is, once with a new one.
  for (int attempt = 0; attempt < 2 && is_disconnected(err); ++attempt) {
    if (!fd_ || attempt > 0) {
      err = connect();
      if (err != 0) {
        return err;
      }
    }
    const ssize_t n = ::send(fd_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL);
    err = n >= 0 ? 0 : errno;
  }
  return err;
}

// SyslogSink --------------------------------------------------------------------------------------

SyslogSink::SyslogSink(SyslogSocket& socket, ActivityLog& log, const Clock& clock,
                       std::string process, std::string label)
    : socket_(socket),
      clock_(clock),
      process_(std::move(process)),
      drops_(log, clock, cat({"syslog for ", label})) {}

SyslogSink::~SyslogSink() {
  if (!partial_.empty()) {
    send_line(partial_);
  }
}

void SyslogSink::write(std::string_view bytes) noexcept {
  try {
    const std::size_t end = bytes.rfind('\n');
    if (end != std::string_view::npos) {
      partial_ += bytes.substr(0, end + 1);
      send_lines(std::exchange(partial_, std::string()));
      bytes.remove_prefix(end + 1);
    }
    partial_ += bytes;
    if (partial_.size() > SyslogSocket::kMaxText) {
      send_line(std::exchange(partial_, std::string()));
    }
  } catch (const std::exception&) {
    drops_.add(bytes.size(), ENOMEM);
  }
}

/// Trailing line feeds do not make empty lines, but inner ones do; nothing but line feeds is one
/// empty line.
void SyslogSink::send_lines(std::string_view lines) {
  for (const std::string_view line : split(without_trailing_line_feeds(lines), '\n')) {
    send_line(line);
  }
}

void SyslogSink::send_line(std::string_view line) {
  const int err = socket_.send(cat({process_, " ", line}), clock_.now().wall);
  if (err != 0) {
    drops_.add(line.size(), err);
  }
}

}  // namespace sv::shell
