#pragma once

#include <filesystem>
#include <string>

#include "base/text.h"
#include "integration/daemon_fixture.h"

namespace sv::test {

namespace fs = std::filesystem;

/// Process 1 called my_init, with an /etc and a /run of its own.
class MyInit : public DaemonTest {
 protected:
  MyInit() {
    for (const char* folder : {"my_init.d", "my_init.pre_shutdown.d", "my_init.post_shutdown.d",
                               "container_environment", "supervisor", "service"}) {
      fs::create_directories(etc(folder));
    }
    for (const char* file : {"passwd", "group", "ld.so.cache"}) {
      std::error_code ignored;
      fs::copy_file(cat({"/etc/", file}), etc(file), ignored);
    }
    enter("");
    call_with("");
  }

  std::string etc(const std::string& name) const { return path("etc/" + name); }

  /// Shell commands before process 1 begins, beside the fixture's.
  void enter(const std::string& commands) {
    before_start(cat({"mount --bind ", path("etc"), " /etc\nmount -t tmpfs none /run\n",
                      "export OUT=", path("out"), "\n", commands}));
  }
  /// The command line behind my_init.
  void call_with(const std::string& arguments) { run_instead(cat({SV_MY_INIT, " ", arguments})); }

  /// A script that notes what happens in {dir}/out.
  void script(const std::string& name, const std::string& content) {
    dir_.script("etc/" + name, cat({"#!/bin/sh\n", content, "\n"}));
  }
  void supervise(const std::string& programs) {
    configure(programs);
    fs::copy_file(path("conf"), etc("supervisor/supervisord.conf"));
  }

  std::string out() const { return read_all(path("out")); }
  std::string console() const { return read_all(path("console")); }
};

}  // namespace sv::test
