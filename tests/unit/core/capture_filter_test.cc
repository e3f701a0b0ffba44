#include "core/capture_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/text.h"

namespace sv::core {
namespace {

using Kind = CapturePiece::Kind;

const std::string kBegin = "<!--XSUPERVISOR:BEGIN-->";
const std::string kEnd = "<!--XSUPERVISOR:END-->";

/// What came out, neighbouring text of one kind joined: "plain|..", "captured|..", "message|..".
struct Collected {
  std::vector<std::pair<Kind, std::string>> pieces;

  void add(const std::vector<CapturePiece>& out) {
    for (const CapturePiece& piece : out) {
      if (!pieces.empty() && pieces.back().first == piece.kind && piece.kind != Kind::message) {
        pieces.back().second += piece.text;
      } else {
        pieces.emplace_back(piece.kind, piece.text);
      }
    }
  }
};

using Pieces = std::vector<std::pair<Kind, std::string>>;

Pieces run(CaptureFilter::Options options, const std::vector<std::string>& chunks) {
  CaptureFilter filter(options);
  Collected collected;
  for (const std::string& chunk : chunks) {
    std::vector<CapturePiece> out;
    filter.feed(chunk, out);
    collected.add(out);
  }
  std::vector<CapturePiece> out;
  filter.finish(out);
  collected.add(out);
  return collected.pieces;
}

constexpr CaptureFilter::Options kCapture{.capture_max_bytes = 1000};

TEST(CaptureFilter, SplitsTextAndMessages) {
  EXPECT_EQ(run(kCapture, {"a" + kBegin + "msg" + kEnd + "b"}), (Pieces{{Kind::plain, "a"},
                                                                        {Kind::captured, "msg"},
                                                                        {Kind::message, "msg"},
                                                                        {Kind::plain, "b"}}));
}

TEST(CaptureFilter, RecognisesTagsCutAnywhere) {
  const std::string text = "before " + kBegin + "hello" + kEnd + " after";
  const Pieces expected = run(kCapture, {text});
  for (std::size_t at = 1; at < text.size(); ++at) {
    EXPECT_EQ(run(kCapture, {text.substr(0, at), text.substr(at)}), expected) << at;
  }
}

TEST(CaptureFilter, PassesShortOutputAtOnce) {
  CaptureFilter filter(kCapture);
  std::vector<CapturePiece> out;
  filter.feed("hi\n", out);
  EXPECT_EQ(out, (std::vector<CapturePiece>{{Kind::plain, "hi\n"}}));
}

TEST(CaptureFilter, KeepsBackOnlyWhatMayBecomeATagAndPassesItOnAtTheEnd) {
  CaptureFilter filter(kCapture);
  std::vector<CapturePiece> out;
  filter.feed("text <!--XSUP", out);
  EXPECT_EQ(out, (std::vector<CapturePiece>{{Kind::plain, "text "}}));
  out.clear();
  filter.finish(out);
  EXPECT_EQ(out, (std::vector<CapturePiece>{{Kind::plain, "<!--XSUP"}}));
}

TEST(CaptureFilter, DropsAMessageWithoutEndButNotItsLogEvents) {
  EXPECT_EQ(run(kCapture, {"x" + kBegin + "half"}),
            (Pieces{{Kind::plain, "x"}, {Kind::captured, "half"}}));
}

TEST(CaptureFilter, StartsAfreshAfterTheEnd) {
  CaptureFilter filter(kCapture);
  std::vector<CapturePiece> out;
  filter.feed(kBegin + "half <!--", out);
  EXPECT_TRUE(filter.capturing());
  filter.finish(out);
  EXPECT_FALSE(filter.capturing());
  out.clear();
  const std::string plain = "plain" + kEnd;
  filter.feed(plain, out);
  EXPECT_EQ(out, (std::vector<CapturePiece>{{Kind::plain, plain}}));
}

TEST(CaptureFilter, AnEmptyMessageIsAMessage) {
  EXPECT_EQ(run(kCapture, {kBegin + kEnd}), (Pieces{{Kind::message, ""}}));
}

TEST(CaptureFilter, SeveralMessagesOfOneChunkStayValidTogether) {
  CaptureFilter filter(kCapture);
  const std::string chunk = kBegin + "one" + kEnd + kBegin + "two" + kEnd + kBegin + "3" + kEnd;
  std::vector<CapturePiece> out;
  filter.feed(chunk, out);
  std::vector<std::string> messages;
  for (const CapturePiece& piece : out) {
    if (piece.kind == Kind::message) {
      messages.emplace_back(piece.text);
    }
  }
  EXPECT_EQ(messages, (std::vector<std::string>{"one", "two", "3"}));
}

TEST(CaptureFilter, ABeginInsideOfAMessageIsPartOfIt) {
  EXPECT_EQ(run(kCapture, {kBegin + "a" + kBegin + "b" + kEnd}).back(),
            (std::pair{Kind::message, "a" + kBegin + "b"}));
}

TEST(CaptureFilter, IgnoresTagsWhenCaptureIsOff) {
  EXPECT_EQ(run({}, {"a" + kBegin + "b"}), (Pieces{{Kind::plain, "a" + kBegin + "b"}}));
}

TEST(CaptureFilter, LimitDropsAsMuchFromTheFrontAsIsAppended) {
  // The reference's vectors: one append beyond the limit is kept whole ...
  EXPECT_EQ(run({.capture_max_bytes = 10}, {kBegin + std::string(25, 'x') + kEnd}).back().second,
            std::string(25, 'x'));
  // ... and limit 100 with 41-byte chunks ends with the last two.
  std::vector<std::string> chunks{kBegin};
  for (const char c : std::string("abcd")) {
    chunks.push_back(std::string(41, c));
  }
  chunks.push_back(kEnd);
  EXPECT_EQ(run({.capture_max_bytes = 100}, chunks).back().second,
            std::string(41, 'c') + std::string(41, 'd'));
}

TEST(CaptureFilter, WhatWasKeptBackCountsAsPartOfTheNextAppend) {
  EXPECT_EQ(run({.capture_max_bytes = 4}, {kBegin + "ab<!", "--x" + kEnd}).back().second, "<!--x");
}

TEST(CaptureFilter, StripsSequencesFromTextAndMessages) {
  const CaptureFilter::Options options{.capture_max_bytes = 1000, .strip_ansi = true};
  EXPECT_EQ(run(options, {"\x1b[31mred\x1b", "[0m" + kBegin + "\x1b[1mbold" + kEnd + "\x1b"}),
            (Pieces{{Kind::plain, "red"},
                    {Kind::captured, "bold"},
                    {Kind::message, "bold"},
                    {Kind::plain, "\x1b"}}));
}

TEST(CaptureFilter, ASequenceDoesNotReachAcrossATag) {
  const CaptureFilter::Options options{.capture_max_bytes = 1000, .strip_ansi = true};
  EXPECT_EQ(run(options, {"a\x1b" + kBegin + "[31m" + kEnd}),
            (Pieces{{Kind::plain, "a\x1b"}, {Kind::captured, "[31m"}, {Kind::message, "[31m"}}));
}

TEST(CaptureFilter, PassesUntouchedTextWithoutCopyingIt) {
  const std::string chunk = "some <b>text</b> with < and <!-- in it";
  CaptureFilter filter(kCapture);
  std::vector<CapturePiece> out;
  filter.feed(chunk, out);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].text.data(), chunk.data());
  EXPECT_EQ(out[0].text.size(), chunk.size());
}

TEST(CaptureFilter, DoesNotDependOnWhereReadsEnd) {
  std::mt19937 random(20261125);
  const std::vector<std::string> words{kBegin, kEnd,       "x",   "<",     "<!--XSUPERVISOR:",
                                       "<!-",  "\x1b[31m", "\n",  "\x1b",  "BEGIN-->",
                                       "END",  "<<",       "[0m", "hello", "-->"};
  for (int round = 0; round < 2000; ++round) {
    std::string whole;
    for (auto count = random() % 12; count > 0; --count) {
      whole += words[random() % words.size()];
    }
    std::vector<std::string> chunks(1);
    for (const char c : whole) {
      chunks.back() += c;
      if (random() % 4 == 0) {
        chunks.emplace_back();
      }
    }
    const CaptureFilter::Options options{.capture_max_bytes = 100000, .strip_ansi = round % 2 == 0};
    ASSERT_EQ(run(options, chunks), run(options, {whole})) << python_bytes_repr(whole);
  }
}

}  // namespace
}  // namespace sv::core
