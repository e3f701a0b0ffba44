#include "shell/doctor.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "base/option_scanner.h"
#include "base/text.h"
#include "base/version.h"
#include "config/loader.h"
#include "doctor/diagnosis.h"
#include "init/options.h"
#include "os/container_facts.h"
#include "shell/startup.h"

namespace sv::shell {
namespace {

using doctor::Finding;
using doctor::Grade;

constexpr int kProblems = 1;
constexpr int kUnusable = 2;

constexpr std::string_view kUsage =
    "Usage: modinit doctor [-c FILE]\n\n"
    "Tells what this container permits, and which settings of the configuration cannot work in "
    "it.\n"
    "Run it as the container's command would run, or with docker exec. Nothing is started.\n\n"
    "Options:\n"
    "  -c, --configuration FILE        configuration file (searched for when not given)\n"
    "  -h, --help                      print this text and exit\n\n"
    "Exit status: 0 all can work, 1 something cannot, 2 bad option or configuration.\n";

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int refuse(std::string_view message) {
  std::fflush(stdout);
  const std::string text = cat({"Error: ", message, "\nFor help, use modinit doctor -h\n"});
  std::fwrite(text.data(), 1, text.size(), stderr);
  return kUnusable;
}

std::string_view mark(Grade grade) {
  switch (grade) {
    case Grade::good:
      return "  ok       ";
    case Grade::note:
      return "  note     ";
    case Grade::problem:
      break;
  }
  return "  PROBLEM  ";
}

/// Text columns line up; what would change it stands below.
void print(const std::vector<Finding>& findings) {
  std::size_t width = 0;
  constexpr std::size_t kWidest = 52;
  for (const Finding& finding : findings) {
    width = std::max(width, std::min(finding.subject.size(), kWidest));
  }
  for (const Finding& finding : findings) {
    std::string subject = finding.subject;
    subject.resize(std::max(subject.size(), width), ' ');
    print(cat({mark(finding.grade), subject, "  ", finding.text, "\n"}));
    if (!finding.remedy.empty()) {
      print(cat({std::string(11, ' '), "-> ", finding.remedy, "\n"}));
    }
  }
}

bool has_problem(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings, [](const Finding& f) { return f.grade == Grade::problem; });
}

struct Wishes {
  std::optional<std::string> config_file;
  bool help = false;
};

tl::expected<Wishes, std::string> read(std::span<const std::string> arguments) {
  const std::array specs{OptionSpec{'c', "configuration", true}, OptionSpec{'h', "help", false}};
  auto scanned = scan_options(arguments, specs);
  if (!scanned) {
    return tl::unexpected(std::move(scanned.error()));
  }
  if (!scanned->rest.empty()) {
    return tl::unexpected(cat({"doctor takes no argument, not ", python_repr(scanned->rest[0])}));
  }
  Wishes wishes;
  for (const FoundOption& found : scanned->options) {
    if (found.index == 0) {
      wishes.config_file = found.value;
    } else {
      wishes.help = true;
    }
  }
  return wishes;
}

/// Those that are set. A value that is none is my_init's to refuse.
std::vector<doctor::KillTimeout> kill_timeouts() {
  const auto tuning = init::read_tuning([](std::string_view name) -> std::optional<std::string> {
    const char* const value = std::getenv(std::string(name).c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  });
  std::vector<doctor::KillTimeout> timeouts;
  if (tuning) {
    for (const init::Limit& limit : {tuning->kill_process, tuning->kill_all}) {
      if (limit.asked_for) {
        timeouts.push_back({std::string(limit.variable), limit.time});
      }
    }
  }
  return timeouts;
}

int examine_settings(const os::ContainerFacts& facts, const std::string& file) {
  print(cat({"\nSettings of ", file, "\n"}));
  const config::LoadContext context = make_load_context({});
  // Where it fails a finding tells why.
  const bool is_settled = settle_identity(file, context).has_value();
  auto config = config::load(file, is_settled ? make_load_context({}) : context);
  if (!config) {
    std::string text = "the configuration is not valid";
    for (const config::ConfigError& error : config.error()) {
      text += cat({"\n  ", config::format(error)});
    }
    return refuse(text);
  }
  const doctor::Probes probes{os::why_not_writable};
  std::vector<Finding> findings = doctor::examine(facts, *config, probes);
  std::ranges::move(doctor::examine(kill_timeouts(), config->daemon.shutdown_deadline),
                    std::back_inserter(findings));
  print(findings);
  return has_problem(findings) ? kProblems : 0;
}

}  // namespace

int run_doctor(const std::string& program, std::span<const std::string> arguments) {
  const auto wishes = read(arguments);
  if (!wishes) {
    return refuse(wishes.error());
  }
  if (wishes->help) {
    print(kUsage);
    return 0;
  }
  const os::ContainerFacts facts = os::container_facts();
  const std::vector<Finding> findings = doctor::examine(facts);
  print(cat({"This container, seen by modinit ", kVersion, "\n"}));
  print(findings);
  const std::optional<std::string> file =
      wishes->config_file ? wishes->config_file : config::find_config_file(program, nullptr);
  const int status = file ? examine_settings(facts, *file) : 0;
  if (!file) {
    print(doctor::examine(kill_timeouts(), std::nullopt));
    print("\nNo configuration file at the default paths; -c FILE examines one.\n");
  }
  return has_problem(findings) ? std::max(status, kProblems) : status;
}

}  // namespace sv::shell
