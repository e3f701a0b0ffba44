#include "config/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "config/ini_source.h"
#include "support/source_tree.h"

namespace sv::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> unknown_in(const std::string& text) {
  return unknown_names(parse_ini(text, "f.conf").value());
}

TEST(Schema, FindsTheKindOfASection) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"supervisord", "supervisord"},
      {"program:cat", "program"},
      {"program:", "program"},
      {"fcgi-program:x", "fcgi-program"},
      {"inet_http_server", "inet_http_server"},
      {"inet_http_server:second", "inet_http_server"},
      {"unix_http_serverX", "unix_http_server"},
      {"navi", "navi"},
  };
  for (const auto& [name, kind] : rows) {
    const SectionSchema* schema = section_schema(name);
    ASSERT_NE(schema, nullptr) << name;
    EXPECT_EQ(schema->kind, kind);
  }
  for (const char* unknown : {"Program:x", "program", " program:x", "program :x", "circus", ""}) {
    EXPECT_EQ(section_schema(unknown), nullptr) << unknown;
  }
}

TEST(Schema, KeysThatAreSharedBelongToEveryKindThatSharesThem) {
  EXPECT_NE(schema_of("eventlistener").find("command"), nullptr);
  EXPECT_NE(schema_of("eventlistener").find("events"), nullptr);
  EXPECT_EQ(schema_of("program").find("events"), nullptr);
  EXPECT_NE(schema_of("unix_http_server").find("username"), nullptr);
}

TEST(Schema, GuessesWhatAKeyWasMeantToBe) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"autosart", "autostart"},
      {"commmand", "command"},
      {"comand", "command"},
      {"start_secs", "startsecs"},
      {"stdout-logfile", "stdout_logfile"},
      {"stopsingal", "stopsignal"},
      {"envrionment", "environment"},
      {"prioirty", "priority"},
  };
  for (const auto& [written, meant] : rows) {
    EXPECT_EQ(nearest_key(schema_of("program"), written), meant) << written;
  }
  for (const char* strange : {"healthcheck", "x", "", "restart_policy_of_the_other_supervisor"}) {
    EXPECT_EQ(nearest_key(schema_of("program"), strange), std::nullopt) << strange;
  }
  EXPECT_EQ(nearest_key(schema_of("program"), std::string(100'000, 'a')), std::nullopt);
}

TEST(Schema, GuessesWhatASectionWasMeantToBe) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"Program:x", "program:x"},
      {" program:x", "program:x"},
      {"progam:x", "program:x"},
      {"program", "program:<name>"},
      {"programs:x", "program:x"},
      {"supervisor", "supervisord"},
      {"event-listener:x", "eventlistener:x"},
      {"inet_htp_server", "inet_http_server"},
      {"supervisord:x", "supervisord"},
  };
  for (const auto& [written, meant] : rows) {
    EXPECT_EQ(nearest_section(written), meant) << written;
  }
  for (const char* strange : {"circus", "watcher:x", "memmon", "", "x:y"}) {
    EXPECT_EQ(nearest_section(strange), std::nullopt) << strange;
  }
}

TEST(Schema, NamesUnknownKeysWithTheirPlace) {
  EXPECT_THAT(
      unknown_in("[supervisord]\n[program:cat]\ncommand=x\nautosart=1\n\nhealth=2\n"),
      ElementsAre("f.conf:4: [program:cat] autosart: unknown key; did you mean 'autostart'?",
                  "f.conf:6: [program:cat] health: unknown key"));
}

TEST(Schema, NamesSectionsThatLookMisspelt) {
  EXPECT_THAT(unknown_in("[Program:x]\ncommand=1\n"),
              ElementsAre("f.conf:1: [Program:x] unknown section, ignored; did you mean "
                          "'[program:x]'?"));
}

TEST(Schema, LeavesForeignSectionsAndPlugInArgumentsAlone) {
  EXPECT_THAT(unknown_in("[circus]\na=1\n[DEFAULT]\nwhatever=1\n[rpcinterface:x]\nretries=3\n"
                         "[ctlplugin:x]\ny=1\n[supervisord]\nprofile_options=1\n"),
              IsEmpty());
}

TEST(Schema, EveryRowIsWellFormed) {
  std::set<std::string_view> kinds;
  for (const SectionSchema& section : all_sections()) {
    EXPECT_TRUE(kinds.insert(section.kind).second) << section.kind;
    std::set<std::string_view> names;
    for (const auto group : {section.keys, section.shared_keys}) {
      for (const KeySchema& key : group) {
        const bool redefined = !names.insert(key.name).second;
        EXPECT_FALSE(redefined) << section.kind << "." << key.name;
        EXPECT_TRUE(key.doc.ends_with('.')) << key.name;
        EXPECT_EQ(key.doc.find('|'), std::string_view::npos) << key.name;
        EXPECT_EQ(key.fallback.starts_with('('), key.fallback.ends_with(')')) << key.name;
      }
    }
  }
}

TEST(Schema, EveryTypeIsExplained) {
  const std::string text = render_markdown();
  const std::string types = text.substr(text.find("## Value types"), text.find("## Sections"));
  for (const SectionSchema& section : all_sections()) {
    for (const KeySchema& key : section.keys) {
      EXPECT_NE(types.find("| " + std::string(key.type) + " |"), std::string::npos) << key.type;
    }
  }
}

TEST(Schema, TheDocumentationIsUpToDate) {
  const std::string generated = render_markdown();
  if (std::getenv("SV_UPDATE_DOCS") != nullptr) {
    std::ofstream(test::source_path("docs/configuration.md"), std::ios::binary) << generated;
  }
  const bool up_to_date = test::read_source("docs/configuration.md") == generated;
  EXPECT_TRUE(up_to_date)
      << "docs/configuration.md is generated; run this test with SV_UPDATE_DOCS=1 to rewrite it";
}

}  // namespace
}  // namespace sv::config
