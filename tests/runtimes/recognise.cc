// Says what navi/runtime_memory makes of a program's output, for tests that run genuine programs:
//   recognise STATUS <OUTPUT      STATUS is waitpid's number
// "v8: JavaScript heap out of memory", or "nothing".

#include <charconv>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "navi/runtime_memory.h"

int main(int argc, char** argv) {
  const std::string_view number = argc == 2 ? argv[1] : "";
  int status = 0;
  if (std::from_chars(number.data(), number.data() + number.size(), status).ptr == number.data()) {
    std::fputs("usage: recognise STATUS <OUTPUT\n", stderr);
    return 2;
  }
  const std::string words{std::istreambuf_iterator<char>(std::cin), {}};
  const auto found = sv::navi::recognise(words, sv::WaitStatus(status));
  std::cout << (found ? std::string(found->runtime) + ": " + std::string(found->pattern)
                      : std::string("nothing"))
            << "\n";
}
