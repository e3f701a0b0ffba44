#include "wire/event_frame.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/text.h"

namespace sv::wire {
namespace {

EventFrame frame(Tokens header, std::string payload) {
  return {std::move(header), std::move(payload)};
}

/// Feeds chunks and collects frames; the error ends it.
struct Collected {
  std::vector<EventFrame> frames;
  std::optional<Error> error;
  bool at_boundary = false;
};

Collected read(const std::vector<std::string>& chunks) {
  EventFrameReader reader;
  Collected collected;
  for (const std::string& chunk : chunks) {
    reader.feed(chunk);
    while (true) {
      Result<std::optional<EventFrame>> next = reader.next();
      if (!next) {
        collected.error = next.error();
        return collected;
      }
      if (!*next) {
        break;
      }
      collected.frames.push_back(std::move(**next));
    }
  }
  collected.at_boundary = reader.at_boundary();
  return collected;
}

std::vector<std::string> bytewise(const std::string& text) {
  std::vector<std::string> chunks;
  for (const char c : text) {
    chunks.emplace_back(1, c);
  }
  return chunks;
}

TEST(EventFrame, IsWrittenAsTheReferenceDoes) {
  EXPECT_EQ(write_event_frame({"sup2", 20, "rem2", 0, "REMOTE_COMMUNICATION"},
                              "type:mytype\npayload data\nline2"),
            "ver:3.0 server:sup2 serial:20 pool:rem2 poolserial:0 eventname:REMOTE_COMMUNICATION "
            "len:30\ntype:mytype\npayload data\nline2");
}

TEST(EventFrame, LengthCountsCodePoints) {
  EXPECT_EQ(write_event_frame({"s", 1, "p", 2, "E"}, "type:t\xC3\xA9\nh\xC3\xA9llo"),
            "ver:3.0 server:s serial:1 pool:p poolserial:2 eventname:E len:13\n"
            "type:t\xC3\xA9\nh\xC3\xA9llo");
}

TEST(EventFrame, EmptyPayloadIsNoPayload) {
  EXPECT_TRUE(write_event_frame({"s", 1, "p", 2, "E"}, "").ends_with(" len:0\n"));
}

TEST(Tokens, AreSplitTolerantly) {
  struct Row {
    const char* line;
    Tokens tokens;
  };
  const std::vector<Row> rows{
      {"", {}},
      {"a:1 b:2", {{"a", "1"}, {"b", "2"}}},
      {"a:b:c", {{"a", "b:c"}}},
      {"groupname:http://x  pid:1 ", {{"groupname", "http://x"}, {"pid", "1"}}},
      {"processname:my app pid:1", {{"processname", "my app"}, {"pid", "1"}}},
      {"lost a:1", {{"a", "1"}}},
      {"a: b:", {{"a", ""}, {"b", ""}}},
      {":x", {{"", "x"}}},
      {"a:1 a:2", {{"a", "1"}, {"a", "2"}}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(parse_tokens(row.line), row.tokens) << row.line;
  }
  EXPECT_EQ(find_token({{"a", "1"}, {"a", "2"}}, "a"), "1");
  EXPECT_EQ(find_token({{"a", "1"}}, "b"), std::nullopt);
}

TEST(EventFrameReader, ReadsOneFrameAfterAnother) {
  const std::string stream = "a:1 len:3\nxyzlen:0\nlen:2 b:2\n\xC3\xA9\xE2\x82\xAC";
  const std::vector<EventFrame> expected{
      frame({{"a", "1"}, {"len", "3"}}, "xyz"),
      frame({{"len", "0"}}, ""),
      frame({{"len", "2"}, {"b", "2"}}, "\xC3\xA9\xE2\x82\xAC"),
  };
  EXPECT_EQ(read({stream}).frames, expected);
  EXPECT_TRUE(read({stream}).at_boundary);
  EXPECT_EQ(read(bytewise(stream)).frames, expected) << "a character may be cut";
}

TEST(EventFrameReader, ReadsBackWhatIsWritten) {
  std::mt19937 random(1);
  const std::vector<std::string> words{"a", "\n", "\xC3\xA9", "\xF0\x9F\x98\x80", "len:5 ", ":"};
  std::string stream;
  std::vector<std::string> payloads;
  for (int i = 0; i < 200; ++i) {
    std::string payload;
    for (auto n = random() % 30; n > 0; --n) {
      payload += words[random() % words.size()];
    }
    stream += write_event_frame({"s", 1, "p", 1, "E"}, payload);
    payloads.push_back(payload);
  }
  std::vector<std::string> chunks;
  for (std::size_t at = 0; at < stream.size();) {
    chunks.push_back(stream.substr(at, 1 + random() % 50));
    at += chunks.back().size();
  }
  const Collected collected = read(chunks);
  ASSERT_EQ(collected.frames.size(), payloads.size());
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    EXPECT_EQ(collected.frames[i].payload, payloads[i]);
  }
}

TEST(EventFrameReader, CountsBytesThatAreNotUtf8OneByOne) {
  // A stray continuation byte, an invalid byte and a character that was cut short.
  EXPECT_EQ(read({"len:4\n\x80\xFF\xC3x"}).frames.at(0).payload, "\x80\xFF\xC3x");
  EXPECT_EQ(read({"len:1\n\xE2\x82len:0\n"}).frames.size(), 2U);
}

TEST(EventFrameReader, SkipsEmptyLinesBetweenFrames) {
  EXPECT_EQ(read({"\n\nlen:1\nx\n", "\nlen:0\n"}).frames.size(), 2U);
}

TEST(EventFrameReader, WaitsForTheRest) {
  const Collected header_only = read({"len:5 x"});
  EXPECT_TRUE(header_only.frames.empty());
  EXPECT_FALSE(header_only.at_boundary);
  const Collected half_payload = read({"len:5\nabc"});
  EXPECT_TRUE(half_payload.frames.empty());
  EXPECT_FALSE(half_payload.at_boundary);
  EXPECT_TRUE(read({}).error == std::nullopt);
}

TEST(EventFrameReader, RefusesAHeaderWithoutAUsableLength) {
  struct Row {
    const char* stream;
    ErrorCode code;
    const char* message;
  };
  const std::vector<Row> rows{
      {"ver:3.0\n", ErrorCode::invalid_argument, "event header has no len"},
      {"nonsense\n", ErrorCode::invalid_argument, "event header has no len"},
      {"len:\n", ErrorCode::invalid_argument, "event header has a bad len: ''"},
      {"len:-1\n", ErrorCode::invalid_argument, "event header has a bad len: '-1'"},
      {"len:x\n", ErrorCode::invalid_argument, "event header has a bad len: 'x'"},
      {"len:5y\n", ErrorCode::invalid_argument, "event header has a bad len: '5y'"},
      {"len:67108865\n", ErrorCode::limit_exceeded, "event is too large: len '67108865'"},
      {"len:99999999999999999999999\n", ErrorCode::limit_exceeded,
       "event is too large: len '99999999999999999999999'"},
  };
  for (const Row& row : rows) {
    const Collected collected = read({row.stream});
    ASSERT_TRUE(collected.error.has_value()) << row.stream;
    EXPECT_EQ(*collected.error, (Error{row.code, row.message}));
  }
}

TEST(EventFrameReader, BoundsTheHeader) {
  const std::string line(EventFrameReader::kMaxHeaderBytes + 1, 'x');
  ASSERT_TRUE(read({line}).error.has_value());
  EXPECT_EQ(read({line}).error->code, ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace sv::wire
