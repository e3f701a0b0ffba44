#include "shell/output_channel.h"

#include <gtest/gtest.h>

#include "support/log_recorder.h"

namespace sv::shell {
namespace {

using core::Channel;
using Texts = std::vector<std::string>;

class TextSink final : public LogSink {
 public:
  explicit TextSink(Texts& writes) : writes_(writes) {}
  void write(std::string_view bytes) noexcept override { writes_.emplace_back(bytes); }

 private:
  Texts& writes_;
};

class OutputChannelTest : public ::testing::Test, public OutputEvents {
 protected:
  void on_log_data(Channel, std::string_view data) noexcept override { data_.emplace_back(data); }
  void on_captured(Channel, std::string_view data) noexcept override {
    captured_.emplace_back(data);
  }

  std::unique_ptr<OutputChannel> make(const OutputChannel::Options& options) {
    return std::make_unique<OutputChannel>(options, std::make_unique<TextSink>(writes_), *this,
                                           log_);
  }

  test::LogRecorder log_;
  Texts writes_;
  Texts data_;
  Texts captured_;
};

TEST_F(OutputChannelTest, WithoutFiltersTheBytesReadAreTheBytesWritten) {
  const auto channel = make({.process = "web"});
  channel->feed("a\033[31m<!--XSUPERVISOR:BEGIN-->");
  channel->feed("b");
  channel->finish();
  EXPECT_EQ(writes_, (Texts{"a\033[31m<!--XSUPERVISOR:BEGIN-->", "b"}));
  EXPECT_EQ(data_, Texts{});
}

TEST_F(OutputChannelTest, StrippedTextIsOneWriteAndOneEvent) {
  const auto channel = make({.process = "web", .strip_ansi = true, .events_enabled = true});
  channel->feed("\033[31mred \033[0m x\n");
  EXPECT_EQ(writes_, Texts{"red  x\n"});
  EXPECT_EQ(data_, Texts{"red  x\n"});
}

TEST_F(OutputChannelTest, ASequenceCutByAReadIsStripped) {
  const auto channel = make({.process = "web", .strip_ansi = true});
  channel->feed("a \033[");
  channel->feed("31mred");
  channel->finish();
  EXPECT_EQ(writes_, (Texts{"a ", "red"}));
}

TEST_F(OutputChannelTest, CapturedTextIsAMessageAndNotLogged) {
  const auto channel = make({.process = "web", .capture_max_bytes = 1000, .events_enabled = true});
  channel->feed("before<!--XSUPERVISOR:BEGIN-->mess");
  channel->feed("age<!--XSUPERVISOR:END-->after");
  channel->finish();
  EXPECT_EQ(writes_, (Texts{"before", "after"}));
  EXPECT_EQ(captured_, Texts{"message"});
  EXPECT_EQ(data_, (Texts{"before", "mess", "age", "after"}))
      << "captured text is part of log events, as in the reference";
}

TEST_F(OutputChannelTest, WhatAFilterHeldBackComesAtTheEnd) {
  const auto channel = make({.process = "web", .capture_max_bytes = 1000});
  channel->feed("text<!--XSUPER");
  EXPECT_EQ(writes_, Texts{"text"});
  channel->finish();
  EXPECT_EQ(writes_, (Texts{"text", "<!--XSUPER"}));
}

TEST_F(OutputChannelTest, AtDebugLevelTheActivityLogGetsACopy) {
  log_.threshold = Level::debug;
  const auto channel = make({.channel = Channel::standard_error, .process = "web"});
  channel->feed("hello\n");
  channel->feed("\xff");
  EXPECT_EQ(log_.lines, (Texts{"DEBG 'web' stderr output:\nhello\n",
                               "DEBG 'web' stderr output:\nUndecodable: b'\\xff'"}));
}

TEST_F(OutputChannelTest, AProtocolChannelIsShownAsBytes) {
  log_.threshold = Level::debug;
  const auto channel = make({.process = "web", .is_protocol = true});
  channel->feed("READY\n");
  EXPECT_EQ(log_.lines, Texts{"DEBG 'web' stdout output:\nb'READY\\n'"});
  EXPECT_EQ(writes_, Texts{"READY\n"});
}

TEST_F(OutputChannelTest, TheEndOfACaptureIsLoggedAtDebugLevel) {
  log_.threshold = Level::debug;
  const auto channel = make({.process = "web", .capture_max_bytes = 10});
  channel->feed("<!--XSUPERVISOR:BEGIN-->m<!--XSUPERVISOR:END-->");
  EXPECT_EQ(log_.lines,
            (Texts{"DEBG 'web' stdout output:\nm", "DEBG 'web' stdout emitted a comm event"}));
}

}  // namespace
}  // namespace sv::shell
