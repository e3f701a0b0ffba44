#include "ctl/render.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "base/text.h"

namespace sv::ctl {
namespace {

TEST(Namespec, IsShortWhenGroupAndProcessHaveOneName) {
  EXPECT_EQ(make_namespec("cat", "cat"), "cat");
  EXPECT_EQ(make_namespec("grp", "a"), "grp:a");
}

TEST(Namespec, IsSplitAtTheFirstColon) {
  EXPECT_EQ(split_namespec("cat"), (Namespec{"cat", "cat"}));
  EXPECT_EQ(split_namespec("grp:a"), (Namespec{"grp", "a"}));
  EXPECT_EQ(split_namespec("grp:a:b"), (Namespec{"grp", "a:b"}));
  EXPECT_EQ(split_namespec("grp:*"), (Namespec{"grp", std::nullopt}));
  EXPECT_EQ(split_namespec("grp:"), (Namespec{"grp", std::nullopt}));
  EXPECT_EQ(split_namespec(":x"), (Namespec{"", "x"}));
}

TEST(StatusTable, HasItsColumnsAt34And44) {
  const std::vector<StatusRow> rows{{"cat", "RUNNING", "pid 21365, uptime 0:05:26"},
                                    {"grp:a", "STARTING", ""}};
  EXPECT_EQ(status_table(rows),
            "cat                              RUNNING   pid 21365, uptime 0:05:26\n"
            "grp:a                            STARTING  \n");
}

TEST(StatusTable, WidensForTheLongestName) {
  const std::string name(31, 'x');
  const std::vector<StatusRow> rows{{name, "RUNNING", "d"}, {"a", "STOPPED", "d"}};
  EXPECT_EQ(status_table(rows),
            name + "   RUNNING   d\na" + std::string(33, ' ') + "STOPPED   d\n");
}

TEST(StatusTable, CountsCharactersNotBytes) {
  const std::vector<StatusRow> rows{{"h\xC3\xA9", "RUNNING", "d"}};
  EXPECT_EQ(status_table(rows), "h\xC3\xA9" + std::string(31, ' ') + "RUNNING   d\n");
}

TEST(StatusTable, IsEmptyWithoutProcesses) {
  EXPECT_EQ(status_table({}), "");
}

TEST(AvailLine, HasFourColumns) {
  EXPECT_EQ(avail_line({"grp:a", true, false, 10, 5}),
            "grp:a                            in use    manual    10:5");
  EXPECT_EQ(avail_line({"new1", false, true, 999, 999}),
            "new1                             avail     auto      999:999");
  EXPECT_EQ(avail_line({std::string(40, 'x'), false, true, -1, 0}),
            std::string(40, 'x') + " avail     auto      -1:0");
}

TEST(Columns, AreFilledDownwardsInAsFewRowsAsFit) {
  const std::vector<std::string> words{"a", "bbb", "cc", "d", "e"};
  EXPECT_EQ(columns(words, 79), "a  bbb  cc  d  e\n");
  EXPECT_EQ(columns(words, 10), "a    cc  e\nbbb  d \n") << "the last word of a row is padded";
  EXPECT_EQ(columns(words, 9), "a    d\nbbb  e\ncc \n");
  EXPECT_EQ(columns(words, 1), "a\nbbb\ncc\nd\ne\n");
  EXPECT_EQ(columns(std::vector<std::string>{"one"}, 79), "one\n");
  EXPECT_EQ(columns({}, 79), "");
}

struct ResultCase {
  Verb verb;
  int status;
  std::optional<std::string> line;
  std::optional<int> exit_status;
};

class ResultTable : public testing::TestWithParam<ResultCase> {};

TEST_P(ResultTable, GivesLineAndExitStatus) {
  const auto& [verb, status, line, exit_status] = GetParam();
  EXPECT_EQ(result_line(verb, {"g:n", status, "the fault"}), line);
  EXPECT_EQ(result_exit_status(verb, status), exit_status);
}

INSTANTIATE_TEST_SUITE_P(
    Start, ResultTable,
    testing::Values(ResultCase{Verb::start, 80, "g:n: started", std::nullopt},
                    ResultCase{Verb::start, 10, "g:n: ERROR (no such process)", 1},
                    ResultCase{Verb::start, 20, "g:n: ERROR (no such file)", 1},
                    ResultCase{Verb::start, 21, "g:n: ERROR (file is not executable)", 1},
                    ResultCase{Verb::start, 40, "g:n: ERROR (abnormal termination)", 7},
                    ResultCase{Verb::start, 50, "g:n: ERROR (spawn error)", 7},
                    ResultCase{Verb::start, 60, "g:n: ERROR (already started)", std::nullopt},
                    ResultCase{Verb::start, 30, std::nullopt, 1},
                    ResultCase{Verb::start, 6, std::nullopt, 1}));
INSTANTIATE_TEST_SUITE_P(
    Stop, ResultTable,
    testing::Values(ResultCase{Verb::stop, 80, "g:n: stopped", std::nullopt},
                    ResultCase{Verb::stop, 10, "g:n: ERROR (no such process)", 1},
                    ResultCase{Verb::stop, 30, "the fault", 1},
                    ResultCase{Verb::stop, 70, "g:n: ERROR (not running)", std::nullopt},
                    ResultCase{Verb::stop, 6, std::nullopt, 1}));
INSTANTIATE_TEST_SUITE_P(
    Signal, ResultTable,
    testing::Values(ResultCase{Verb::signal, 80, "g:n: signalled", std::nullopt},
                    ResultCase{Verb::signal, 10, "g:n: ERROR (no such process)", 1},
                    ResultCase{Verb::signal, 11, "g:n: ERROR (bad signal name)", 1},
                    ResultCase{Verb::signal, 30, "the fault", 1},
                    ResultCase{Verb::signal, 70, "g:n: ERROR (not running)", 7}));
INSTANTIATE_TEST_SUITE_P(Clear, ResultTable,
                         testing::Values(ResultCase{Verb::clear, 80, "g:n: cleared", std::nullopt},
                                         ResultCase{Verb::clear, 10, "g:n: ERROR (no such process)",
                                                    1},
                                         ResultCase{Verb::clear, 30, "g:n: ERROR (failed)", 1},
                                         ResultCase{Verb::clear, 70, std::nullopt, 7}));

TEST(ErrorLine, NamesTheClassTheReferenceWouldRaise) {
  EXPECT_EQ(error_line(wire::XmlRpcFault{6, "SHUTDOWN_STATE"}),
            "error: <class 'xmlrpc.client.Fault'>, <Fault 6: 'SHUTDOWN_STATE'>");
  EXPECT_EQ(error_line(wire::XmlRpcFault{92, "CANT_REREAD: it's"}),
            "error: <class 'xmlrpc.client.Fault'>, <Fault 92: \"CANT_REREAD: it's\">");
  EXPECT_EQ(error_line(SystemFailure{ENOENT}),
            "error: <class 'FileNotFoundError'>, [Errno 2] No such file or directory");
  EXPECT_EQ(error_line(SystemFailure{ECONNREFUSED}),
            "error: <class 'ConnectionRefusedError'>, [Errno 111] Connection refused");
  EXPECT_EQ(error_line(SystemFailure{EACCES}),
            "error: <class 'PermissionError'>, [Errno 13] Permission denied");
  EXPECT_EQ(error_line(SystemFailure{ENETUNREACH}),
            "error: <class 'OSError'>, [Errno 101] Network is unreachable");
  EXPECT_EQ(error_line(HttpFailure{500, "Internal Server Error"}),
            "error: <class 'xmlrpc.client.ProtocolError'>, <ProtocolError for 127.0.0.1/RPC2: 500 "
            "Internal Server Error>");
  EXPECT_EQ(error_line(unknown_result({"x", 30, ""})),
            "error: <class 'ValueError'>, Unknown result code 30 for x");
}

}  // namespace
}  // namespace sv::ctl
