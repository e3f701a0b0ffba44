// Mails when a program ends unexpectedly: crash_mailer SENDMAIL ADDRESS [PROGRAM...]. SENDMAIL is a
// command of the shell that reads the mail from its standard input; without PROGRAM, any program is
// meant. Written as somebody outside of this project would: buffered streams, one event at a time.

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Fields = std::map<std::string, std::string>;

Fields fields_of(const std::string& line) {
  Fields fields;
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    const std::size_t colon = word.find(':');
    if (colon != std::string::npos) {
      fields[word.substr(0, colon)] = word.substr(colon + 1);
    }
  }
  return fields;
}

/// The length counts characters, which may have several bytes.
std::string read_characters(std::istream& in, std::size_t count) {
  std::string text;
  for (; count > 0; --count) {
    const int lead = in.get();
    text.push_back(static_cast<char>(lead));
    for (int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0; more > 0; --more) {
      text.push_back(static_cast<char>(in.get()));
    }
  }
  return text;
}

bool mail(const std::string& sendmail, const std::string& address, const Fields& fields) {
  const std::string name = fields.at("groupname") + ":" + fields.at("processname");
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(sendmail.c_str(), "w"), ::pclose);
  if (!pipe) {
    return false;
  }
  std::fprintf(
      pipe.get(),
      "To: %s\nSubject: %s crashed\n\nprocess %s (pid %s) ended unexpectedly from state %s\n",
      address.c_str(), name.c_str(), name.c_str(), fields.at("pid").c_str(),
      fields.at("from_state").c_str());
  if (::pclose(pipe.release()) != 0) {
    return false;
  }
  std::cerr << "mailed " << name << std::endl;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    return 2;
  }
  const std::vector<std::string> programs(argv + 3, argv + argc);
  for (;;) {
    std::cout << "READY\n" << std::flush;
    std::string line;
    if (!std::getline(std::cin, line)) {
      return 0;
    }
    const Fields header = fields_of(line);
    const Fields payload = fields_of(read_characters(std::cin, std::stoul(header.at("len"))));
    bool done = true;
    if (header.at("eventname") == "PROCESS_STATE_EXITED" && payload.at("expected") == "0" &&
        (programs.empty() ||
         std::ranges::find(programs, payload.at("processname")) != programs.end())) {
      done = mail(argv[1], argv[2], payload);
    }
    std::cout << (done ? "RESULT 2\nOK" : "RESULT 4\nFAIL") << std::flush;
  }
}
