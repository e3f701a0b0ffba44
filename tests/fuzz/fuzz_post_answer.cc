// Input: what a server answers to a notice. Properties: only an answer that begins like one of HTTP
// with 2xx or 4xx ends the notice, and what stands behind the first line changes nothing.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "shell/http_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sv::shell::judge_answer;
  using sv::shell::PostOutcome;
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  const PostOutcome outcome = judge_answer(answer);
  if (outcome != PostOutcome::later) {
    const char wanted = outcome == PostOutcome::taken ? '2' : '4';
    if (answer.size() < 12 || answer.substr(0, 7) != "HTTP/1." || answer[9] != wanted) {
      std::abort();
    }
  }
  const std::string line(answer.substr(0, answer.find('\n')));
  for (const char* behind : {"\n", "\nHTTP/1.1 200 OK\r\n\r\n", "\n404"}) {
    if (judge_answer(line + behind) != judge_answer(line + "\r\n")) {
      std::abort();
    }
  }
  return 0;
}
