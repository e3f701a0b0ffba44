#include "web/status_page.h"

#include <string_view>

#include "base/text.h"
#include "base/version.h"
#include "web/asset.h"
#include "web/html.h"
#include "wire/http_message.h"

namespace sv::web {
namespace {

using core::ProcessState;

std::string_view state_class(ProcessState state) {
  switch (state) {
    case ProcessState::running:
      return "statusrunning";
    case ProcessState::fatal:
    case ProcessState::backoff:
      return "statuserror";
    case ProcessState::stopped:
    case ProcessState::starting:
    case ProcessState::stopping:
    case ProcessState::exited:
    case ProcessState::unknown:
      break;
  }
  return "statusnominal";
}

/// `of` tells people who do not see the row which process is meant.
std::string action_button(std::string_view action, std::string_view label, std::string_view of) {
  return cat({"<button name=\"action\" value=\"", action, "\" aria-label=\"", label, " ",
              escape_html(of), "\">", label, "</button>\n"});
}

std::string log_link(std::string_view path, std::string_view label, std::string_view of) {
  return cat({"<a href=\"logtail/", escape_html(path), "\" target=\"_blank\" aria-label=\"", label,
              " ", escape_html(of), "\">", label, "</a>\n"});
}

std::string state_actions(const StatusRow& row) {
  switch (row.state) {
    case ProcessState::running:
      return action_button("restart", "Restart", row.name) +
             action_button("stop", "Stop", row.name);
    case ProcessState::stopped:
    case ProcessState::exited:
    case ProcessState::fatal:
      return action_button("start", "Start", row.name);
    case ProcessState::starting:
    case ProcessState::backoff:
    case ProcessState::stopping:
    case ProcessState::unknown:
      break;
  }
  return {};
}

std::string render_row(const StatusRow& row, bool may_act) {
  const std::string quoted = wire::percent_encode(row.name);
  const std::string actions =
      may_act ? state_actions(row) + action_button("clearlog", "Clear Log", row.name)
              : std::string();
  return cat({"<tr>\n<td class=\"status\"><span class=\"", state_class(row.state), "\">",
              ascii_lower(core::state_name(row.state)), "</span></td>\n<td>",
              escape_html(row.description), "</td>\n<td><a href=\"tail.html?processname=",
              escape_html(quoted), "\" target=\"_blank\">", escape_html(row.name),
              "</a></td>\n<td class=\"action\"><form class=\"bar\" method=\"post\" "
              "action=\"index.html\">\n<input type=\"hidden\" name=\"processname\" value=\"",
              escape_html(row.name), "\">\n", actions, log_link(quoted, "Tail -f Stdout", row.name),
              log_link(quoted + "/stderr", "Tail -f Stderr", row.name), "</form></td>\n</tr>\n"});
}

std::string render_table(const StatusSnapshot& snapshot) {
  if (snapshot.rows.empty()) {
    return "<p>No programs to manage</p>\n";
  }
  std::string html =
      "<table>\n<thead>\n<tr><th scope=\"col\">State</th><th scope=\"col\">Description</th>"
      "<th scope=\"col\">Name</th><th scope=\"col\">Action</th></tr>\n</thead>\n<tbody>\n";
  for (const StatusRow& row : snapshot.rows) {
    html += render_row(row, snapshot.may_act);
  }
  return html + "</tbody>\n</table>\n";
}

std::string render_buttons(bool may_act) {
  return cat(
      {"<form class=\"bar\" method=\"post\" action=\"index.html\">\n"
       "<a class=\"button\" href=\"index.html?action=refresh\">Refresh</a>\n",
       may_act ? "<button name=\"action\" value=\"restartall\">Restart All</button>\n"
                 "<button name=\"action\" value=\"stopall\">Stop All</button>\n"
               : "",
       "</form>\n"});
}

}  // namespace

std::string render_status_page(const StatusSnapshot& snapshot) {
  const std::string message = snapshot.message.empty()
                                  ? std::string()
                                  : cat({"<p class=\"status_msg\" role=\"status\">",
                                         escape_html(snapshot.message), "</p>\n"});
  const std::string identifier = escape_html(snapshot.identifier);
  const std::string plain = render_buttons(snapshot.may_act) + render_table(snapshot);
  const TemplateValue values[] = {
      {"identifier", identifier},
      {"message", message},
      {"plain", plain},
      {"version", kVersion},
      {"supervisor", kCompatibleVersion},
  };
  return fill_template(find_asset("page.html")->text, values);
}

std::string render_tail_page(const TailSnapshot& snapshot) {
  const std::string title = cat({"Supervisor tail of process ", snapshot.name.value_or("None")});
  std::string refresh;
  if (snapshot.name) {
    refresh = cat({"<p><a class=\"button\" href=\"tail.html?processname=",
                   escape_html(wire::percent_encode(*snapshot.name)),
                   "&amp;limit=", std::to_string(snapshot.limit), "\">Refresh</a></p>\n"});
  }
  const std::string body = cat({"<main>\n<h1>", escape_html(title), "</h1>\n", refresh,
                                "<pre class=\"tail\" tabindex=\"0\">\n", escape_html(snapshot.text),
                                "</pre>\n", refresh, "</main>\n"});
  return html_page(title, body);
}

}  // namespace sv::web
