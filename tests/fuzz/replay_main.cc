// Runs a fuzz target without libFuzzer: every seed of a corpus, then mutations of the seeds in a
// fixed order, so that a failure repeats. An input that fails is left in "failing-<target>".
//
//   fuzz_x CORPUS [MUTATIONS]     a corpus (it may be missing), then mutations of it
//   fuzz_x FILE                   one input
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// Only there when a sanitizer is linked.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

constexpr std::size_t kMutations = 3000;
constexpr std::size_t kLongestInput = 2048;

// What a signal handler can reach must be static.
const std::string* current_input = nullptr;
std::string failing_file;

void save_current_input() {
  if (current_input == nullptr) {
    return;
  }
  const int fd = ::open(failing_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd >= 0) {
    const ssize_t written = ::write(fd, current_input->data(), current_input->size());
    ::close(fd);
    std::fprintf(stderr, "%s the input that failed: %s\n", written < 0 ? "cannot save" : "saved",
                 failing_file.c_str());
  }
}

void on_abort(int /*signal*/) {
  save_current_input();  // returning from it lets abort() finish
}

void run(const std::string& input) {
  current_input = &input;
  // A copy of the exact size lets a sanitizer see the first byte beyond the end.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  current_input = nullptr;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The seeds in the order of their names; an empty input is always one.
std::vector<std::string> read_corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<std::string> seeds{""};
  for (const std::filesystem::path& file : files) {
    seeds.push_back(read_file(file));
  }
  return seeds;
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& seeds) : seeds_(seeds) {}

  std::string next() {
    std::string input = seeds_[below(seeds_.size())];
    for (std::size_t steps = 1 + below(6); steps > 0; --steps) {
      mutate(input);
    }
    input.resize(std::min(input.size(), kLongestInput));
    return input;
  }

 private:
  // Not a distribution: those differ between libraries.
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  char some_byte() {
    using namespace std::string_view_literals;
    constexpr std::string_view kTelling =
        " \t\r\n\0\\\"'=:;#%()[]<>&/,.-_0159aAzZ\x01\x7F\x80\xC3\xFF"sv;
    return below(4) == 0 ? static_cast<char>(below(256)) : kTelling[below(kTelling.size())];
  }

  /// A piece of some seed.
  std::string_view some_piece() {
    const std::string_view seed = seeds_[below(seeds_.size())];
    const std::size_t start = below(seed.size() + 1);
    return seed.substr(start, below(32));
  }

  void mutate(std::string& input) {
    const std::size_t at = below(input.size() + 1);
    switch (below(6)) {
      case 0:
        input.insert(at, 1, some_byte());
        break;
      case 1:
        input.insert(at, some_piece());
        break;
      case 2:
        input.erase(at, below(16));
        break;
      case 3:
        input.resize(at);
        break;
      case 4:
        input.insert(at, std::string(below(300), some_byte()));
        break;
      default:
        if (at < input.size()) {
          input[at] = some_byte();
        }
        break;
    }
  }

  const std::vector<std::string>& seeds_;
  std::mt19937_64 random_{20};
};

std::size_t parse_count(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc{} && end == text.data() + text.size() ? count : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "usage: %s CORPUS [MUTATIONS]\n       %s FILE\n", argv[0], argv[0]);
    return 2;
  }
  failing_file = "failing-" + std::filesystem::path(argv[0]).filename().string();
  std::signal(SIGABRT, on_abort);
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(save_current_input);
  }
  if (std::filesystem::is_regular_file(argv[1])) {
    run(read_file(argv[1]));
    return 0;
  }
  const std::vector<std::string> seeds = read_corpus(argv[1]);
  for (const std::string& seed : seeds) {
    run(seed);
  }
  const std::size_t mutations = argc == 3 ? parse_count(argv[2]) : kMutations;
  Mutator mutator(seeds);
  for (std::size_t i = 0; i < mutations; ++i) {
    run(mutator.next());
  }
  std::printf("%zu seeds, %zu mutations\n", seeds.size(), mutations);
  return 0;
}
