#include <array>

#include "config/schema.h"

/// The table itself. Rows are in the order in which the documentation shows them.
namespace sv::config {
namespace {

constexpr KeySchema kDaemonKeys[] = {
    {"logfile", "path", "supervisord.log",
     "The daemon's own log. Made absolute against the directory the daemon is started in. Exactly "
     "`syslog` logs to syslog instead."},
    {"logfile_maxbytes", "byte size", "50MB", "Size at which the log is rotated; 0: never."},
    {"logfile_backups", "integer", "10",
     "Rotated files to keep (`supervisord.log.1` is the newest); 0: none, the log is truncated."},
    {"loglevel", "log level", "info", "The least important messages that are logged."},
    {"pidfile", "path", "supervisord.pid", "Made absolute like `logfile`."},
    {"umask", "octal", "022", "Applied only when the daemon goes to the background."},
    {"nodaemon", "boolean", "false", "Stay in the foreground."},
    {"silent", "boolean", "false", "In the foreground: do not copy the log to standard output."},
    {"minfds", "integer", "1024",
     "Open files the daemon must be allowed to have; a lower soft limit is raised at start."},
    {"minprocs", "integer", "200", "The same for processes."},
    {"nocleanup", "boolean", "false", "Keep the AUTO child logs of earlier runs at start."},
    {"childlogdir", "directory", "(the temporary directory)", "Where AUTO child logs are made."},
    {"user", "user", "(unset)", "Drop to this user at start; needs to be started as root."},
    {"directory", "directory", "(unset)",
     "Change to it when going to the background; not in the foreground."},
    {"strip_ansi", "boolean", "false", "Remove ANSI escape sequences from child output."},
    {"environment", "environment", "",
     "Variables for all programs. They do not change the daemon's own environment, and they can "
     "be used as `%(ENV_X)s` in the sections read after this one."},
    {"identifier", "text", "supervisor",
     "The name under which this daemon answers and names AUTO child logs."},
    {"exit_on", "exit rule", "none",
     "End the daemon, with the program's exit status, when any program becomes FATAL "
     "(`any_fatal`), or when all have ended and none is to be restarted (`all_exited`)."},
    {"shutdown_deadline", "integer", "(9 as process 1)",
     "Seconds after which everything must be down when the daemon is told to end: the time left "
     "is divided among the groups still to be stopped, as `my_init` also among main command, "
     "scripts "
     "and leftovers; 0: no limit. As `supervisord`, and when not process 1, there is none unless "
     "set."},
    {"profile_options", "text", "(ignored)", "Accepted for compatibility; does nothing."},
};

constexpr KeySchema kAuthenticationKeys[] = {
    {"username", "text", "(unset)",
     "User name a client must give. Needs `password`; without both everybody is let in."},
    {"password", "text", "(unset)",
     "Literal, or `{SHA}` followed by the lower-case hexadecimal SHA-1 of the password."},
    {"readonly_username", "text", "(unset)",
     "With `readonly_password`: further credentials, whose owner may see everything and change "
     "nothing. Needs `username` and `password`. Ours; other supervisors ignore it."},
    {"readonly_password", "text", "(unset)", "In the form of `password`."},
};

constexpr KeySchema kInetKeys[] = {
    {"port", "address", "(required)",
     "Where to listen: `9001`, `:9001` or `*:9001` for all IPv4 interfaces, `127.0.0.1:9001`, "
     "`localhost:9001`, `[::1]:9001`, `[::]:9001`. Host names are those in `/etc/hosts`. What "
     "other hosts can reach needs `username` and `password`."},
    {"allow_unauthenticated", "boolean", "false",
     "Serve without a password also where other hosts can reach it, and under every host name (on "
     "`127.0.0.1` without a password a name other than `localhost` is refused, because a web page "
     "could have its own name point there). Ours; other supervisors ignore it."},
};

constexpr KeySchema kUnixKeys[] = {
    {"file", "path", "(required)", "The socket. Its directory must exist when the daemon starts."},
    {"chmod", "octal", "0700", "Permissions of the socket file."},
    {"chown", "user[:group]", "(unchanged)", "Owner of the socket file."},
};

constexpr KeySchema kCtlKeys[] = {
    {"serverurl", "text", "http://localhost:9001",
     "The server to talk to: `http://host:port` or `unix:///path/of.sock` (`~` and relative paths "
     "are resolved)."},
    {"username", "text", "(unset)", "Sent to the server when it asks."},
    {"password", "text", "(unset)", "Sent to the server when it asks."},
    {"prompt", "text", "supervisor", "Prompt of the interactive shell."},
    {"history_file", "path", "(unset)", "Keeps the history of the interactive shell."},
};

constexpr KeySchema kProgramKeys[] = {
    {"command", "text", "(required)",
     "Program and arguments, split like a shell does, but nothing is run by a shell: no variables, "
     "pipes or wildcards. An empty or broken command is found when the process is started."},
    {"process_name", "name", "%(program_name)s",
     "Name of each process; must contain `%(process_num)` when `numprocs` is above 1."},
    {"numprocs", "integer", "1", "Processes to run from this section; 0 makes an empty group."},
    {"numprocs_start", "integer", "0", "First value of `process_num`."},
    {"priority", "integer", "999",
     "Lower starts earlier and stops later. The group of an `[eventlistener:x]` has -1 unless "
     "set."},
    {"autostart", "boolean", "true", "Start with the daemon."},
    {"startsecs", "integer", "1",
     "Seconds a process must stay up to count as started; 0: as soon as it is spawned."},
    {"startretries", "integer", "3", "Attempts after a failed start before giving up (FATAL)."},
    {"autorestart", "autorestart", "unexpected",
     "Restart after an exit: never, when the exit code is not one of `exitcodes`, or always."},
    {"exitcodes", "exit codes", "0", "Exit codes that are expected."},
    {"on_exit", "exit action", "restart",
     "When it ends by itself: restart it as `autorestart` says, `ignore` it, or `shutdown`: end "
     "the daemon with its exit status (128 + signal)."},
    {"on_fatal", "fatal action", "ignore",
     "When it becomes FATAL: `ignore`, or `shutdown`: end the daemon with its exit status. "
     "`on_exit=shutdown` implies it."},
    {"stopsignal", "signal", "TERM", "Signal that asks a process to stop."},
    {"stopwaitsecs", "integer", "10", "Seconds between `stopsignal` and SIGKILL."},
    {"stopasgroup", "boolean", "false", "Send `stopsignal` to the whole process group."},
    {"killasgroup", "boolean", "(value of stopasgroup)",
     "Send SIGKILL to the whole process group. Cannot be false when `stopasgroup` is true."},
    {"stop_tree", "boolean", "(true with stopasgroup or killasgroup)",
     "Stopping it ends all its descendants, also those that left its process group (setsid)."},
    {"forward_signals", "signals", "",
     "Signals to the daemon that are passed on to it, for example `HUP,USR1`. What the daemon "
     "itself does at HUP and USR2 it does then no more. Not TERM, INT, QUIT, CHLD, KILL, STOP."},
    {"user", "user", "(unset)", "User to run as; needs a daemon that runs as root."},
    {"redirect_stderr", "redirection", "false",
     "Send standard error to where standard output goes; not for event listeners. `auto` (ours; "
     "meant for `[DEFAULT]`): unless there is a `stderr_logfile`, `stderr_syslog`, "
     "`stderr_events_enabled` or `stderr_capture_maxbytes`, and never for event listeners."},
    {"stdout_logfile", "log file", "AUTO", "Where standard output goes. Expanded twice."},
    {"stdout_logfile_maxbytes", "byte size", "50MB", "Size at which it is rotated; 0: never."},
    {"stdout_logfile_backups", "integer", "10", "Rotated files to keep; 0: none."},
    {"stdout_capture_maxbytes", "byte size", "0",
     "Bytes kept between the capture marks of PROCESS_COMMUNICATION events; 0: no capture."},
    {"stdout_events_enabled", "boolean", "false", "Issue PROCESS_LOG_STDOUT events."},
    {"stdout_syslog", "boolean", "false", "Send standard output to syslog as well."},
    {"stderr_logfile", "log file", "AUTO", "As `stdout_logfile`, for standard error."},
    {"stderr_logfile_maxbytes", "byte size", "50MB", "Size at which it is rotated; 0: never."},
    {"stderr_logfile_backups", "integer", "10", "Rotated files to keep; 0: none."},
    {"stderr_capture_maxbytes", "byte size", "0", "As for standard output."},
    {"stderr_events_enabled", "boolean", "false", "Issue PROCESS_LOG_STDERR events."},
    {"stderr_syslog", "boolean", "false", "Send standard error to syslog as well."},
    {"environment", "environment", "",
     "Variables for this program, over those of `[supervisord]`. They can be used as `%(ENV_X)s` "
     "in the per-process keys of the same section."},
    {"directory", "text", "(unset)", "Directory to change to before the program is run."},
    {"umask", "octal", "(inherited)", "Permission bits to mask."},
    {"serverurl", "text", "AUTO",
     "Value of `SUPERVISOR_SERVER_URL`; AUTO: the first HTTP server of this file; empty: not set."},
};

constexpr KeySchema kFcgiKeys[] = {
    {"socket", "socket", "(required)",
     "The socket the processes accept connections from on descriptor 0: `unix:///path` or "
     "`tcp://host:port`."},
    {"socket_backlog", "integer", "(the system's maximum)", "Length of its queue, 1 to 65535."},
    {"socket_owner", "user[:group]", "(the program's user)",
     "Owner of a Unix socket file. By default `user` and that user's primary group, if that is "
     "not the user of the daemon."},
    {"socket_mode", "octal", "0700", "Permissions of a Unix socket file."},
};

constexpr KeySchema kListenerKeys[] = {
    {"events", "list", "(required)", "Events to receive, see [Event types](#event-types)."},
    {"buffer_size", "integer", "10", "Events that wait while all listeners of the pool are busy."},
    {"result_handler", "text", "supervisor.dispatchers:default_handler",
     "Only the default is available."},
};

constexpr KeySchema kGroupKeys[] = {
    {"programs", "list", "", "Names of program or fcgi-program sections; start order."},
    {"priority", "integer", "999", "Lower starts earlier and stops later."},
};

constexpr KeySchema kIncludeKeys[] = {
    {"files", "text", "(required)",
     "Patterns separated by white space, relative to the directory of the main file: `*`, `?`, "
     "`[abc]`, `[!abc]`."},
    {"otherwise", "text", "(unset)",
     "Patterns like those of `files`, read in their place when no file matches any of those; "
     "decided anew at every reading. With it, what `files` matches must be readable: a folder, a "
     "link to nowhere or missing permission is an error. Ours; other supervisors ignore it."},
};

constexpr KeySchema kRpcKeys[] = {
    {"supervisor.rpcinterface_factory", "text", "(required)",
     "Must be `supervisor.rpcinterface:make_main_rpcinterface`, which is built in."},
};

constexpr KeySchema kPluginKeys[] = {
    {"supervisor.ctl_factory", "text", "(required)", "Plug-ins are not available; ignored."},
};

constexpr KeySchema kNaviKeys[] = {
    {"output", "path", "(unset)",
     "Directory that receives one file per notice. It may be created later. Unset: no files."},
    {"events", "list", "",
     "Events that become a notice, as in an `[eventlistener:x]`. Empty: programs that crash, do "
     "not come up or are given up, and whatever is killed for memory."},
    {"max_files", "integer", "1000", "The oldest notices are removed beyond these; 0: no limit."},
    {"max_bytes", "byte size", "8MB", "The same for their sizes together; 0: no limit."},
    {"rate_limit", "integer", "30",
     "Notices of one program and kind in `rate_window`; what is left out is counted in the next "
     "one. 0: no limit."},
    {"rate_window", "integer", "600", "Seconds that `rate_limit` is about."},
    {"tail_bytes", "byte size", "4KB",
     "What a program wrote last, of each channel, that is kept in memory for a notice; 64KB at "
     "most, 0: nothing."},
    {"sync", "boolean", "false",
     "A notice appears only when the disk has it: survives a crash of the machine, but everything "
     "waits for the disk."},
    {"exec", "text", "",
     "A command that gets each notice on standard input, as the daemon's user, four at once at "
     "most."},
    {"exec_timeout", "integer", "10", "Seconds after which such a command is killed."},
    {"http", "text", "",
     "`http://HOST[:PORT]/PATH` or `unix:///SOCKET` that each notice is posted to, again and again "
     "until it is taken. For https use `exec` with curl."},
    {"http_header", "text", "", "`Name: value` sent along, for example a token."},
    {"termination_log", "path", "",
     "Kubernetes' termination message file (`/dev/termination-log`): what ended the container, for "
     "people, 4096 bytes at most."},
    {"stderr", "boolean", "false", "One line for people on standard error."},
    {"pressure", "pressure", "",
     "`some 15%` or `full 5%`: a notice when processes spend so much of two seconds waiting for "
     "memory (pressure stall information), once in `rate_window`."},
};

constexpr std::array kSections = {
    SectionSchema{"supervisord",
                  SectionNaming::plain,
                  false,
                  "The daemon itself. This section must exist, in the main file or in an included "
                  "one. Command-line options win over these keys.",
                  kDaemonKeys,
                  {}},
    SectionSchema{"program",
                  SectionNaming::named,
                  false,
                  "A program to supervise. `x` must not contain a space, `:` or `/`.",
                  kProgramKeys,
                  {}},
    SectionSchema{"fcgi-program", SectionNaming::named, false,
                  "A program whose processes share one listening socket. All keys of "
                  "`[program:x]`, and these. As a member of a `[group:x]` it is an ordinary "
                  "program without a socket.",
                  kFcgiKeys, kProgramKeys},
    SectionSchema{"eventlistener", SectionNaming::named, false,
                  "A pool of processes that receive events on standard input. All keys of "
                  "`[program:x]`, and these.",
                  kListenerKeys, kProgramKeys},
    SectionSchema{"group",
                  SectionNaming::named,
                  false,
                  "Programs that are addressed as one, `x:*`. A program that is in no group is a "
                  "group of its own.",
                  kGroupKeys,
                  {}},
    SectionSchema{"inet_http_server", SectionNaming::prefix, false,
                  "A TCP server for modctl, XML-RPC and the status page. Every section whose name "
                  "begins so is one: `[inet_http_server:second]`.",
                  kInetKeys, kAuthenticationKeys},
    SectionSchema{"unix_http_server", SectionNaming::prefix, false, "The same on a Unix socket.",
                  kUnixKeys, kAuthenticationKeys},
    SectionSchema{"rpcinterface",
                  SectionNaming::named,
                  true,
                  "A name space of XML-RPC methods. Without `[rpcinterface:supervisor]` modctl "
                  "cannot control the daemon.",
                  kRpcKeys,
                  {}},
    SectionSchema{
        "include",
        SectionNaming::plain,
        false,
        "Further files, read in order over the main file: sections merge, later keys win. "
        "Not acted on in an included file.",
        kIncludeKeys,
        {}},
    SectionSchema{"navi",
                  SectionNaming::plain,
                  false,
                  "The built-in notifier; ours, other supervisors ignore it.",
                  kNaviKeys,
                  {}},
    SectionSchema{"supervisorctl",
                  SectionNaming::plain,
                  false,
                  "Read by modctl only, and only from the main file.",
                  kCtlKeys,
                  {}},
    SectionSchema{"ctlplugin",
                  SectionNaming::named,
                  true,
                  "Accepted for compatibility; ignored.",
                  kPluginKeys,
                  {}},
};

}  // namespace

std::span<const SectionSchema> all_sections() {
  return kSections;
}

}  // namespace sv::config
