// Allocates until it cannot.

#include <memory>
#include <vector>

int main() {
  std::vector<std::unique_ptr<char[]>> all;
  for (;;) {
    all.push_back(std::make_unique<char[]>(std::size_t{1} << 20));
  }
}
