#pragma once

#include <cstdint>

#include "base/time.h"
#include "navi/log.h"
#include "navi/notice.h"
#include "navi/notice_queue.h"
#include "wire/event_frame.h"

namespace sv::navi {

/// The event listener: events come in, notices go out (init-and-images, 4.2).
///
/// An event is answered OK once its notice is written, or is kept to be written later: with the
/// next event, or by itself after a pause. It is answered FAIL only when it can be neither, so that
/// the daemon keeps it. The listener does not end for a directory it cannot write to.
class Listener {
 public:
  struct Channels {
    int in = 0;   ///< events; borrowed
    int out = 1;  ///< answers; borrowed
  };

  /// The references must outlive the listener. `run` tells runs apart in the notices' ids.
  Listener(Channels channels, NoticeQueue& queue, const Log& log, const Clock& clock,
           std::uint32_t run);

  /// Listens until the input ends. Returns the exit status: 0, or 1 if the input could not be
  /// understood or an answer not be written.
  [[nodiscard]] int run();

 private:
  enum class Next { go_on, end_of_input, broken };

  Next wait_and_read();
  Next handle_frames();
  bool handle(wire::EventFrame frame);
  bool answer(const char* text);
  void flush();
  [[nodiscard]] int milliseconds_to_wait() const;
  int end(Next why);
  void warn_about_duplicates(const wire::Tokens& tokens) const;

  Channels channels_;
  NoticeQueue& queue_;
  const Log& log_;
  const Clock& clock_;
  NoticeNumbering numbering_;
  wire::EventFrameReader reader_;
  MonoTime quiet_until_{};  ///< the same trouble is not logged again before
};

}  // namespace sv::navi
