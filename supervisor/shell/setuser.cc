#include "shell/setuser.h"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "os/execute.h"
#include "os/process_env.h"
#include "os/user_db.h"

namespace sv::shell {
namespace {

int refuse(std::string_view text) {
  const std::string line = cat({text, "\n"});
  std::fwrite(line.data(), 1, line.size(), stderr);
  return 1;
}

}  // namespace

int run_setuser(const std::string& program, std::span<const std::string> arguments) {
  if (arguments.size() < 2) {
    return refuse(cat({"Usage: ", program, " USERNAME COMMAND [args..]"}));
  }
  const std::string& name = arguments.front();
  const std::optional<os::User> user = os::find_user(name);
  if (!user || user->name != name) {  // found by number: not what a name means
    return refuse(cat({"setuser: user ", name, " not found"}));
  }
  if (const Result<void> dropped = os::drop_privileges(*user); !dropped) {
    return refuse(cat({"setuser: ", dropped.error().message}));
  }
  ::setenv("USER", user->name.c_str(), 1);
  ::setenv("HOME", user->home.c_str(), 1);
  ::setenv("UID", std::to_string(user->uid).c_str(), 1);
  const std::vector<std::string> command(arguments.begin() + 1, arguments.end());
  const int err = os::execute(command);
  return refuse(cat({"setuser: cannot execute ", command.front(), ": [Errno ", std::to_string(err),
                     "] ", errno_text(err)}));
}

}  // namespace sv::shell
