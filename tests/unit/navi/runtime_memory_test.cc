#include "navi/runtime_memory.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "support/source_tree.h"

namespace sv::navi {
namespace {

constexpr WaitStatus kAborted = WaitStatus::from_signal(SIGABRT);
constexpr WaitStatus kTrapped = WaitStatus::from_signal(SIGTRAP);
constexpr WaitStatus exited(int code) {
  return WaitStatus::from_exit(code);
}

/// What a runtime wrote and how it ended, in tests/runtimes/recorded (README.md there: of which
/// versions, and how they were made to).
struct Record {
  const char* file;
  WaitStatus status;
  const char* runtime;
  const char* pattern;
};

const std::vector<Record>& records() {
  static const std::vector<Record> all = {
      {"node_heap", kAborted, "v8", "JavaScript heap out of memory"},
      {"node_code_range", kTrapped, "v8", "Fatal process OOM"},
      {"node_worker", exited(1), "v8", "JS heap out of memory"},
      {"node_buffer", exited(1), "v8", "Array buffer allocation failed"},
      {"deno_heap", kTrapped, "v8", "Fatal JavaScript out of memory"},
      {"deno_start", kTrapped, "v8", "Fatal process out of memory"},
      {"java_heap", exited(1), "java", "OutOfMemoryError: Java heap space"},
      {"java_exit", exited(3), "java", "OutOfMemoryError: Java heap space"},
      {"java_crash", kAborted, "java", "OutOfMemoryError: Java heap space"},
      {"java_gc_overhead", exited(1), "java", "OutOfMemoryError: GC overhead limit exceeded"},
      {"java_metaspace", exited(1), "java", "OutOfMemoryError: Metaspace"},
      {"java_class_space", exited(1), "java", "OutOfMemoryError: Compressed class space"},
      {"java_array", exited(1), "java", "OutOfMemoryError: Requested array size exceeds VM limit"},
      {"java_direct", exited(1), "java", "OutOfMemoryError: Cannot reserve"},
      {"java_allocate", exited(1), "java", "OutOfMemoryError"},
      {"java_thread", exited(1), "java", "OutOfMemoryError: unable to create native thread"},
      {"java_native", exited(1), "java", "insufficient memory for the Java Runtime Environment"},
      {"java_start", exited(1), "java", "Could not reserve enough space"},
      {"java_start_class_space", exited(1), "java", "Could not allocate compressed class space"},
      {"php_limit", exited(255), "php", "Allowed memory size of"},
      {"php_html", exited(255), "php", "Allowed memory size of"},
      {"php_both", exited(255), "php", "Allowed memory size of"},
      {"php_system", exited(1), "php", "Cannot allocate memory"},
      {"python", exited(1), "python", "MemoryError"},
      {"python_mmap", exited(1), "libc", "Cannot allocate memory"},
      {"go_heap", exited(2), "go", "fatal error: out of memory"},
      {"go_map", exited(2), "go", "fatal error: out of memory"},
      {"go_cannot", exited(2), "go", "runtime: cannot allocate memory"},
      {"go_page_summary", exited(2), "go", "failed to reserve page summary memory"},
      {"cxx_bad_alloc", kAborted, "c++", "std::bad_alloc"},
      {"rust", kAborted, "rust", "memory allocation of"},
      {"perl", exited(1), "perl", "Out of memory!"},
      {"perl_constant", exited(12), "perl", "Out of memory!"},
      {"shell", exited(2), "shell", "alloc: cannot allocate"},
      {"libc_dd", exited(1), "libc", "memory exhausted"},
  };
  return all;
}

std::string recorded(const std::string& name) {
  return test::read_source("tests/runtimes/recorded/" + name + ".txt");
}

std::string told(const std::string& words, WaitStatus status) {
  const auto found = recognise(words, status);
  return found ? std::string(found->runtime) + ": " + std::string(found->pattern) : "nothing";
}

TEST(RuntimeMemory, RecognisesWhatRuntimesWrote) {
  for (const Record& record : records()) {
    EXPECT_EQ(told(recorded(record.file), record.status),
              std::string(record.runtime) + ": " + record.pattern)
        << record.file;
  }
}

TEST(RuntimeMemory, EveryRecordIsTested) {
  std::set<std::string> tested = {"python_thread"};  // which ends with 0
  for (const Record& record : records()) {
    tested.insert(record.file);
  }
  std::set<std::string> there;
  for (const auto& entry :
       std::filesystem::directory_iterator(test::source_path("tests/runtimes/recorded"))) {
    if (entry.path().extension() == ".txt") {
      there.insert(entry.path().stem());
    }
  }
  EXPECT_EQ(there, tested);
}

TEST(RuntimeMemory, TheShellsWordForASignalIsAsGood) {
  EXPECT_EQ(told(recorded("node_heap"), exited(134)), "v8: JavaScript heap out of memory");
  EXPECT_EQ(told(recorded("node_code_range"), exited(133)), "v8: Fatal process OOM");
  EXPECT_EQ(told(recorded("cxx_bad_alloc"), exited(134)), "c++: std::bad_alloc");
}

TEST(RuntimeMemory, AStatusThatDoesNotFitAccusesNobody) {
  for (const Record& record : records()) {
    const std::string words = recorded(record.file);
    for (const WaitStatus status :
         {exited(0), exited(143), WaitStatus::from_signal(SIGTERM),
          WaitStatus::from_signal(SIGKILL), WaitStatus::from_signal(SIGSEGV)}) {
      if (status == exited(143) && std::string(record.runtime) == "libc") {
        continue;  // these end with any code
      }
      EXPECT_EQ(told(words, status), "nothing") << record.file << ", " << status.describe();
    }
  }
  EXPECT_EQ(told(recorded("java_heap"), exited(3)), "nothing") << "3 has words of its own";
  EXPECT_EQ(told(recorded("python_thread"), exited(0)), "nothing") << "only a thread ended";
}

TEST(RuntimeMemory, WhoGoesOnAfterwardsIsNotAccused) {
  for (const Record& record : records()) {
    std::string words = recorded(record.file);
    for (int i = 0; i < 401; ++i) {
      words += "GET / 200 " + std::to_string(i) + "\n";
    }
    EXPECT_EQ(told(words, record.status), "nothing") << record.file;
  }
}

TEST(RuntimeMemory, WhoOnlyLogsTheWordsIsNotAccused) {
  struct Row {
    std::string words;
    WaitStatus status;
  };
  const std::vector<Row> rows = {
      {"worker said: FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of "
       "memory\n",
       kAborted},
      {"2026-11-27 WARN restarting after JavaScript heap out of memory\n", kAborted},
      {"[main] ERROR could not index: java.lang.OutOfMemoryError: Java heap space\n", exited(1)},
      {"Exception in thread \"main\" java.lang.IllegalStateException: no "
       "java.lang.OutOfMemoryError: Java heap space\n\tat Heap.main(Heap.java:5)\n",
       exited(1)},
      {"tests for MemoryError passed\nAssertionError\n", exited(1)},
      {"handled MemoryError\n", exited(1)},
      {"caught std::bad_alloc\n", kAborted},
      {"RangeError: Invalid array length\n", exited(1)},
      {"fork: Cannot allocate memory\nretrying\n", exited(1)},
      {"FATAL ERROR: v8::ToLocalChecked Empty MaybeLocal\n", kAborted},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(told(row.words, row.status), "nothing") << row.words;
  }
}

TEST(RuntimeMemory, OutputMayBeMissingCutOrLong) {
  EXPECT_EQ(told("", exited(1)), "nothing");
  EXPECT_EQ(told("\n\n \r\n", exited(1)), "nothing");
  EXPECT_EQ(told("MemoryError", exited(1)), "python: MemoryError");
  EXPECT_EQ(told("MemoryError\r\n\r\n", exited(1)), "python: MemoryError");
  EXPECT_EQ(told(std::string(1 << 20, 'x') + "\nMemoryError\n", exited(1)), "python: MemoryError");
  EXPECT_EQ(told(std::string(1 << 20, 'x') + "\xff\n", exited(1)), "nothing");
}

}  // namespace
}  // namespace sv::navi
