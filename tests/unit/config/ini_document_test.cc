#include "config/ini_document.h"

#include <gtest/gtest.h>

namespace sv::config {
namespace {

IniOption option(std::string key, std::string value, std::string file = "a", int line = 1) {
  return {std::move(key), std::move(value), std::move(file), line};
}

IniDocument main_file() {
  return {{{"supervisord", "a", 1, {option("minfds", "10"), option("umask", "022")}},
           {"program:x", "a", 5, {option("command", "cat")}}}};
}

TEST(IniDocument, FindsSectionsAndOptionsByExactName) {
  IniDocument document = main_file();
  ASSERT_NE(document.find("program:x"), nullptr);
  EXPECT_EQ(document.find("Program:x"), nullptr);
  ASSERT_NE(document.find("program:x")->find("command"), nullptr);
  EXPECT_EQ(document.find("program:x")->find("command")->value, "cat");
  EXPECT_EQ(document.find("program:x")->find("directory"), nullptr);
}

TEST(IniDocument, MergesSectionsAndReplacesKeysInPlace) {
  IniDocument document = main_file();
  document.merge({{{"supervisord", "b", 2, {option("minfds", "20", "b", 3), option("user", "me")}},
                   {"program:y", "b", 9, {}}}});

  ASSERT_EQ(document.sections.size(), 3U);
  EXPECT_EQ(document.sections[0].file, "a");  // who introduced it
  EXPECT_EQ(document.sections[0].options,
            (std::vector<IniOption>{option("minfds", "20", "b", 3), option("umask", "022"),
                                    option("user", "me")}));
  EXPECT_EQ(document.sections[1], main_file().sections[1]);
  EXPECT_EQ(document.sections[2].name, "program:y");
}

TEST(IniDocument, IsUnchangedByMergingNothing) {
  IniDocument document = main_file();
  document.merge({});
  EXPECT_EQ(document, main_file());
}

}  // namespace
}  // namespace sv::config
