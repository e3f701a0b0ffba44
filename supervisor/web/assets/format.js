// Numbers and states as people read them. Pure.

/** "3 s", "4 min 05 s", "2 h 10 min", "5 d 3 h". */
export function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${two(s % 60)} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${two(Math.floor(s / 60) % 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

/** "640 B", "1.6 MB". Powers of 1024. */
export function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A share of one processor as "0.0 %". */
export function percent(share) {
  const value = share * 100;
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} %`;
}

/** Time of day, with the date unless it is today. `seconds` since 1970. */
export function moment(seconds) {
  const date = new Date(seconds * 1000);
  const today = date.toDateString() === new Date().toDateString();
  return today ? date.toLocaleTimeString() : date.toLocaleString();
}

/** Text without the escape sequences that colour terminals. */
export function plainText(text) {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\x1b\[[0-9;:?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\r(?=\n)/g, "");
}

/** Classes of states: what is good, on its way, wrong, or at rest. */
export const TONES = {
  RUNNING: "good",
  STARTING: "busy",
  STOPPING: "busy",
  BACKOFF: "warn",
  FATAL: "bad",
  UNKNOWN: "bad",
  EXITED: "rest",
  STOPPED: "rest",
};

const WORDS = {
  RUNNING: "Running",
  STARTING: "Starting",
  STOPPING: "Stopping",
  BACKOFF: "Retrying",
  FATAL: "Failed",
  UNKNOWN: "Unknown",
  EXITED: "Exited",
  STOPPED: "Stopped",
};

export const stateWord = (state) => WORDS[state] ?? state;

/** Whether somebody should look at the program. */
export function isTrouble(program) {
  return ["BACKOFF", "FATAL", "UNKNOWN"].includes(program.state) || endedBadly(program);
}

function endedBadly(program) {
  return program.state === "EXITED" && program.last_exit !== null && program.last_exit.code !== 0;
}

/** What went wrong, in one sentence; empty when nothing did. `now` is the daemon's clock. */
export function troubleOf(program, now) {
  if (!isTrouble(program)) return "";
  const parts = [];
  if (program.error) parts.push(program.error.replace(/ \(process log may have details\)/, ""));
  const exit = program.last_exit;
  if (exit && (exit.code !== 0 || program.error)) parts.push(exit.text);
  if (parts.length === 0) parts.push("state could not be determined");
  let text = parts.join(": ");
  if (program.state === "FATAL") text += ". Given up";
  if (program.failed_starts > 1) text += `, ${program.failed_starts} attempts failed`;
  if (program.next_start !== null) {
    text += `. Next attempt in ${duration(Math.ceil(program.next_start - now))}`;
  }
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** Which actions make sense in a state, the most likely first. */
export function actionsFor(state) {
  switch (state) {
    case "RUNNING":
      return ["restart", "stop"];
    case "STARTING":
    case "BACKOFF":
      return ["stop"];
    case "STOPPED":
    case "EXITED":
    case "FATAL":
      return ["start"];
    default:
      return [];
  }
}

/** What to say about an error of the JSON interface. */
export function explain(name, action, error) {
  const detail = error.message.replace(/^[A-Z_]+:? ?/, "");
  switch (error.code) {
    case "BAD_NAME":
      return `${name} does not exist any more.`;
    case "ALREADY_STARTED":
      return `${name} is already started.`;
    case "NOT_RUNNING":
      return `${name} is not running.`;
    case "NO_FILE":
    case "NOT_EXECUTABLE":
      return `${name} cannot be started: ${detail || "its command cannot be executed"}.`;
    case "SPAWN_ERROR":
      return `${name} did not come up.`;
    case "ABNORMAL_TERMINATION":
      return `${name} ended while it was starting.`;
    case "SHUTDOWN_STATE":
      return "The daemon is stopping; nothing can be changed any more.";
    case "READ_ONLY":
      return "You are logged in with credentials that may only look.";
    case "UNREACHABLE":
      return `The daemon cannot be reached; ${action} of ${name} may or may not have happened.`;
    default:
      return `${action} of ${name} failed: ${error.message}`;
  }
}
