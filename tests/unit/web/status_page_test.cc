#include "web/status_page.h"

#include <gtest/gtest.h>

#include <string>

namespace sv::web {
namespace {

using core::ProcessState;

bool contains(const std::string& html, std::string_view piece) {
  return html.find(piece) != std::string::npos;
}

std::string page_with(StatusRow row) {
  return render_status_page({"id", "", true, {std::move(row)}});
}

/// The values of the buttons of the only row.
std::vector<std::string> actions_in(ProcessState state) {
  const std::string html = page_with({"x", state, ""});
  std::vector<std::string> actions;
  constexpr std::string_view kButton = "<button name=\"action\" value=\"";
  for (std::size_t at = html.find("<tbody>"); (at = html.find(kButton, at)) != std::string::npos;) {
    at += kButton.size();
    actions.push_back(html.substr(at, html.find('"', at) - at));
  }
  return actions;
}

TEST(StatusPage, OffersWhatTheStateAllows) {
  using Actions = std::vector<std::string>;
  EXPECT_EQ(actions_in(ProcessState::running), (Actions{"restart", "stop", "clearlog"}));
  for (const ProcessState state :
       {ProcessState::stopped, ProcessState::exited, ProcessState::fatal}) {
    EXPECT_EQ(actions_in(state), (Actions{"start", "clearlog"}));
  }
  for (const ProcessState state : {ProcessState::starting, ProcessState::backoff,
                                   ProcessState::stopping, ProcessState::unknown}) {
    EXPECT_EQ(actions_in(state), (Actions{"clearlog"}));
  }
}

TEST(StatusPage, MarksStatesByClass) {
  EXPECT_TRUE(contains(page_with({"x", ProcessState::running, ""}),
                       "<span class=\"statusrunning\">running</span>"));
  EXPECT_TRUE(contains(page_with({"x", ProcessState::backoff, ""}),
                       "<span class=\"statuserror\">backoff</span>"));
  EXPECT_TRUE(contains(page_with({"x", ProcessState::fatal, ""}),
                       "<span class=\"statuserror\">fatal</span>"));
  EXPECT_TRUE(contains(page_with({"x", ProcessState::exited, ""}),
                       "<span class=\"statusnominal\">exited</span>"));
}

TEST(StatusPage, LinksToTheLogsByQuotedName) {
  const std::string html = page_with({"grp:a b", ProcessState::running, "pid 1"});
  EXPECT_TRUE(contains(html, "href=\"tail.html?processname=grp%3Aa%20b\""));
  EXPECT_TRUE(contains(html, "href=\"logtail/grp%3Aa%20b\""));
  EXPECT_TRUE(contains(html, "href=\"logtail/grp%3Aa%20b/stderr\""));
  EXPECT_TRUE(contains(html, "name=\"processname\" value=\"grp:a b\""));
}

TEST(StatusPage, EscapesEverythingItShows) {
  const std::string html =
      render_status_page({"<id>", "<m>\"", true, {{"<n>\"", ProcessState::running, "<d>"}}});
  for (const char* raw : {"<id>", "<m>", "<n>", "<d>", "value=\"<", "n>\"\""}) {
    EXPECT_FALSE(contains(html, raw)) << raw;
  }
  EXPECT_TRUE(contains(html, "role=\"status\">&lt;m&gt;&quot;</p>"));
}

TEST(StatusPage, ShowsAMessageOnlyIfThereIsOne) {
  EXPECT_FALSE(contains(render_status_page({}), "class=\"status_msg\""));
}

TEST(StatusPage, WithoutProgramsSaysSo) {
  const std::string html = render_status_page({});
  EXPECT_TRUE(contains(html, "No programs to manage"));
  EXPECT_FALSE(contains(html, "tail.html"));
}

TEST(StatusPage, WhatScriptsLookForIsWhereTheReferenceHasIt) {
  const std::string html = page_with({"x", ProcessState::running, "pid 1, uptime 0:00:01"});
  EXPECT_TRUE(contains(html, "<title>Supervisor Status</title>"));
  EXPECT_TRUE(contains(html,
                       "<td class=\"status\"><span class=\"statusrunning\">running</span></td>\n"
                       "<td>pid 1, uptime 0:00:01</td>\n<td><a href=\"tail.html"));
  EXPECT_TRUE(contains(html, "<td class=\"action\">"));
}

TEST(StatusPage, WithoutPermissionThereAreNoButtonsInTheTable) {
  const std::string html =
      render_status_page({"id", "", false, {{"x", ProcessState::running, ""}}});
  EXPECT_FALSE(contains(html, "<button name=\"action\""));
  EXPECT_TRUE(contains(html, "Tail -f Stdout"));
  EXPECT_TRUE(contains(html, "index.html?action=refresh"));
}

TEST(StatusPage, NothingOfTheTemplateIsLeft) {
  const std::string html = render_status_page({});
  EXPECT_FALSE(contains(html, "{{"));
  EXPECT_FALSE(contains(html, "}}"));
}

TEST(StatusPage, ActsOnAllByForm) {
  const std::string html = render_status_page({});
  EXPECT_TRUE(contains(html, "<form class=\"bar\" method=\"post\" action=\"index.html\">"));
  EXPECT_TRUE(contains(html, "name=\"action\" value=\"restartall\""));
  EXPECT_TRUE(contains(html, "name=\"action\" value=\"stopall\""));
  EXPECT_TRUE(contains(html, "href=\"index.html?action=refresh\""));
}

TEST(TailPage, ShowsTheTextAndRefreshesWithItsLimit) {
  const std::string html = render_tail_page({"g:a", "1 < 2\n", 2048});
  EXPECT_TRUE(contains(html, "<title>Supervisor tail of process g:a</title>"));
  EXPECT_TRUE(contains(html, "1 &lt; 2\n</pre>"));
  EXPECT_TRUE(contains(html, "href=\"tail.html?processname=g%3Aa&amp;limit=2048\""));
}

TEST(TailPage, WithoutANameCannotRefresh) {
  const std::string html = render_tail_page({std::nullopt, "No process name found", 1024});
  EXPECT_TRUE(contains(html, "<title>Supervisor tail of process None</title>"));
  EXPECT_FALSE(contains(html, "Refresh"));
}

}  // namespace
}  // namespace sv::web
