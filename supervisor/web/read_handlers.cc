#include <string>
#include <vector>

#include "rpc/names.h"
#include "rpc/process_info.h"
#include "web/events.h"
#include "web/handlers.h"
#include "web/headers.h"
#include "web/json.h"
#include "web/program_json.h"

namespace sv::web {
namespace {

using core::ProcessState;

/// What needs somebody's attention.
bool is_trouble(ProcessState state) {
  switch (state) {
    case ProcessState::backoff:
    case ProcessState::fatal:
    case ProcessState::unknown:
      return true;
    case ProcessState::stopped:
    case ProcessState::starting:
    case ProcessState::running:
    case ProcessState::stopping:
    case ProcessState::exited:
      return false;
  }
  return true;
}

}  // namespace

Answer get_index(const Call& /*call*/) {
  Json routes = Json::array();
  for (const Route& route : all_routes()) {
    Json entry;
    entry["method"] = route.method;
    entry["path"] = route.path;
    entry["text"] = route.text;
    routes.push_back(std::move(entry));
  }
  Json body;
  body["routes"] = std::move(routes);
  return json_response(body);
}

Answer get_daemon(const Call& call) {
  Json body;
  body["daemon"] = daemon_json(call.services.host, call.daemon_started, call.permission);
  return json_response(body);
}

Answer get_health(const Call& call) {
  const core::Supervisor& supervisor = call.services.host.supervisor();
  Json in_trouble = Json::array();
  Json counts;  // every state, so that who asks for one finds it
  for (const ProcessState state :
       {ProcessState::stopped, ProcessState::starting, ProcessState::running, ProcessState::backoff,
        ProcessState::stopping, ProcessState::exited, ProcessState::fatal, ProcessState::unknown}) {
    counts[std::string(core::state_name(state))] = 0;
  }
  for (const core::Process* process : rpc::sorted_by_name(supervisor)) {
    Json& count = counts[std::string(core::state_name(process->state()))];
    count = count.get<std::int64_t>() + 1;
    if (is_trouble(process->state())) {
      in_trouble.push_back(rpc::namespec_of(*process));
    }
  }
  const bool stopping = supervisor.mood() != core::Mood::running;
  Json body;
  body["status"] = stopping ? "stopping" : in_trouble.empty() ? "ok" : "degraded";
  body["states"] = std::move(counts);
  body["in_trouble"] = std::move(in_trouble);
  return json_response(body, stopping ? 503 : 200);
}

Answer get_programs(const Call& call) {
  const rpc::Host& host = call.services.host;
  const std::vector<const core::Process*> processes = rpc::sorted_by_name(host.supervisor());
  const auto usage = usage_of(host, processes);
  const Now now = host.now();
  Json programs = Json::array();
  for (std::size_t i = 0; i < processes.size(); ++i) {
    Json program = program_json(host, *processes[i], now);
    program["usage"] = usage_json(usage[i]);
    programs.push_back(std::move(program));
  }
  Json body;
  body["now"] = json_time(now.wall);
  body["programs"] = std::move(programs);
  return json_response(body);
}

Answer get_program(const Call& call) {
  const rpc::Host& host = call.services.host;
  const auto process = rpc::find_process(host.supervisor(), call.values[0]);
  if (!process) {
    return fault_response(process.error());
  }
  const Now now = host.now();
  Json program = program_details(host, **process, now);
  program["usage"] = usage_json(usage_of(host, {*process}).front());
  Json body;
  body["now"] = json_time(now.wall);
  body["program"] = std::move(program);
  return json_response(body);
}

/// For those who draw curves: a tenth of what get_programs tells.
Answer get_usage(const Call& call) {
  const rpc::Host& host = call.services.host;
  const std::vector<const core::Process*> processes = rpc::sorted_by_name(host.supervisor());
  const auto usage = usage_of(host, processes);
  Json programs = Json::array();
  for (std::size_t i = 0; i < processes.size(); ++i) {
    if (usage[i]) {
      Json entry = usage_json(usage[i]);
      entry["name"] = rpc::namespec_of(*processes[i]);
      programs.push_back(std::move(entry));
    }
  }
  Json body;
  body["now"] = json_time(host.now().wall);
  body["programs"] = std::move(programs);
  return json_response(body);
}

Answer get_events(const Call& call) {
  EventsAnswer answer;
  answer.head.headers = private_headers("text/event-stream");
  answer.head.headers.push_back({"X-Accel-Buffering", "no"});
  answer.snapshot = snapshot_event(call.services.host, call.daemon_started, call.permission);
  return answer;
}

}  // namespace sv::web
