#include "rpc/group_pending.h"

#include <algorithm>
#include <utility>

#include "rpc/names.h"

namespace sv::rpc {
namespace {

struct Member {
  std::string process;
  std::string group;
};

wire::XmlRpcValue status_entry(const Member& member, const wire::XmlRpcReply& reply) {
  const wire::XmlRpcFault status =
      reply ? wire::XmlRpcFault{static_cast<int>(FaultCode::success), "OK"} : reply.error();
  return wire::XmlRpcStruct{{"name", member.process},
                            {"group", member.group},
                            {"status", status.code},
                            {"description", status.text}};
}

/// Collects the answers of many processes. Keeps names, not processes.
class GroupPending final : public Pending {
 public:
  void add(Member member, Outcome outcome) {
    if (auto* reply = std::get_if<wire::XmlRpcReply>(&outcome)) {
      results_.push_back(status_entry(member, *reply));
      return;
    }
    waiting_.push_back({std::move(member), std::get<std::unique_ptr<Pending>>(std::move(outcome))});
  }

  std::optional<wire::XmlRpcReply> poll(Host& host) override {
    std::vector<Waiting> still;
    for (Waiting& entry : waiting_) {
      if (const auto reply = entry.pending->poll(host)) {
        results_.push_back(status_entry(entry.member, *reply));
      } else {
        still.push_back(std::move(entry));
      }
    }
    waiting_ = std::move(still);
    if (!waiting_.empty()) {
      return std::nullopt;
    }
    return wire::XmlRpcValue(std::move(results_));
  }

  [[nodiscard]] std::optional<MonoTime> deadline() const override {
    std::optional<MonoTime> earliest;
    for (const Waiting& entry : waiting_) {
      const auto deadline = entry.pending->deadline();
      if (deadline && (!earliest || *deadline < *earliest)) {
        earliest = deadline;
      }
    }
    return earliest;
  }

 private:
  struct Waiting {
    Member member;
    std::unique_ptr<Pending> pending;
  };

  wire::XmlRpcArray results_;
  std::vector<Waiting> waiting_;
};

}  // namespace

std::vector<const core::Process*> in_start_order(const std::vector<const core::Group*>& groups) {
  std::vector<const core::Process*> all;
  for (const core::Group* group : groups) {
    const auto first = static_cast<std::ptrdiff_t>(all.size());
    for (const auto& process : group->processes()) {
      all.push_back(process.get());
    }
    std::stable_sort(all.begin() + first, all.end(),
                     [](const core::Process* a, const core::Process* b) {
                       return a->config->priority < b->config->priority;
                     });
  }
  return all;
}

std::vector<const core::Process*> all_in_start_order(const core::Supervisor& supervisor) {
  std::vector<const core::Group*> groups;
  for (const auto& group : supervisor.groups()) {
    groups.push_back(group.get());
  }
  return in_start_order(groups);
}

Outcome for_each(const std::vector<const core::Process*>& processes, const Operation& operation) {
  auto pending = std::make_unique<GroupPending>();
  for (const core::Process* process : processes) {
    Member member{process->config->name, std::string(process->group->shown())};
    pending->add(std::move(member), operation(*process, namespec_of(*process)));
  }
  return pending;
}

}  // namespace sv::rpc
