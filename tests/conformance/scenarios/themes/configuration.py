"""Mistakes in configurations and command lines: texts and exit statuses."""

from scenario import scenario


def rejected(s, text, supervisord=""):
    s.config(text, supervisord=supervisord)
    s.run_to_end("-n")


@scenario
def a_program_without_command_is_refused(s):
    """The error with section and file."""
    rejected(s, "[program:nothing]\nautostart=true\n")


@scenario
def bad_numbers_are_refused(s):
    """int() style messages."""
    rejected(s, "[program:x]\ncommand=/bin/cat\nstartsecs=abc\n")


@scenario
def bad_booleans_are_refused(s):
    """Only the eight spellings count."""
    rejected(s, "[program:x]\ncommand=/bin/cat\nautostart=maybe\n")


@scenario
def unknown_expansions_are_refused(s):
    """The message lists the names there are; only its beginning is the same everywhere."""
    s.config("[program:x]\ncommand=/bin/cat %(nope)d%\n")
    s.run_to_end("-n")


@scenario
def a_file_without_sections_is_refused(s):
    """Text before the first header."""
    s.config_file.write_text("hello\n")
    s.run_to_end("-n")


@scenario
def bad_lines_are_refused_together(s):
    """Both lines are named."""
    s.config_file.write_text("[supervisord]\nnodaemon=true\nhello\n[program:x]\ncommand=/bin/cat\nworld\n")
    s.run_to_end("-n")


@scenario
def a_missing_file_is_refused(s):
    """-c with a file that is not there."""
    s.run_to_end("-n", "-c", "nowhere.conf", config=False)


@scenario
def a_group_with_an_unknown_member_is_refused(s):
    """Names the group and the program."""
    rejected(s, "[group:g]\nprograms=a,b\n[program:a]\ncommand=/bin/cat\n")


@scenario
def numprocs_needs_process_num(s):
    """The rule about process_name."""
    rejected(s, "[program:x]\ncommand=/bin/cat\nnumprocs=2\n")


@scenario
def stopasgroup_without_killasgroup_is_refused(s):
    """The one impossible combination."""
    rejected(s, "[program:x]\ncommand=/bin/cat\nstopasgroup=true\nkillasgroup=false\n")


@scenario
def unknown_options_are_refused(s):
    """getopt's texts."""
    s.config("")
    s.run_to_end("--nosuch", config=False)
    s.run_to_end("-x", config=False)
    s.run_to_end("-c", config=False)
    s.run_to_end("-n", "-n")
    s.run_to_end("-e", "loud")
    s.run_to_end("--version", config=False)
    s.run_to_end("word")


@scenario
def half_credentials_are_refused(s):
    """User name without password."""
    rejected(s, "[inet_http_server]\nport=127.0.0.1:19001\nusername=u\n")
