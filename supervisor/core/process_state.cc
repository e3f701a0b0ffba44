#include "core/process_state.h"

namespace sv::core {

std::string_view state_name(ProcessState state) {
  switch (state) {
    case ProcessState::stopped:
      return "STOPPED";
    case ProcessState::starting:
      return "STARTING";
    case ProcessState::running:
      return "RUNNING";
    case ProcessState::backoff:
      return "BACKOFF";
    case ProcessState::stopping:
      return "STOPPING";
    case ProcessState::exited:
      return "EXITED";
    case ProcessState::fatal:
      return "FATAL";
    case ProcessState::unknown:
      return "UNKNOWN";
  }
  return "UNKNOWN";  // a value that is no state cannot be constructed without a cast
}

bool counts_as_running(ProcessState state) {
  switch (state) {
    case ProcessState::starting:
    case ProcessState::running:
    case ProcessState::backoff:
      return true;
    case ProcessState::stopped:
    case ProcessState::stopping:
    case ProcessState::exited:
    case ProcessState::fatal:
    case ProcessState::unknown:
      return false;
  }
  return false;
}

bool counts_as_stopped(ProcessState state) {
  switch (state) {
    case ProcessState::stopped:
    case ProcessState::exited:
    case ProcessState::fatal:
    case ProcessState::unknown:
      return true;
    case ProcessState::starting:
    case ProcessState::running:
    case ProcessState::backoff:
    case ProcessState::stopping:
      return false;
  }
  return false;
}

bool is_signallable(ProcessState state) {
  switch (state) {
    case ProcessState::starting:
    case ProcessState::running:
    case ProcessState::stopping:
      return true;
    case ProcessState::stopped:
    case ProcessState::backoff:
    case ProcessState::exited:
    case ProcessState::fatal:
    case ProcessState::unknown:
      return false;
  }
  return false;
}

std::string_view mood_name(Mood mood) {
  switch (mood) {
    case Mood::shutdown:
      return "SHUTDOWN";
    case Mood::restarting:
      return "RESTARTING";
    case Mood::running:
      return "RUNNING";
  }
  return "RUNNING";
}

}  // namespace sv::core
