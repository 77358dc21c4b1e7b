#include "patctl/commands.hpp"
#include "patctl/exit_code.hpp"
#include "patctl/failure.hpp"
#include "patctl/member_choice.hpp"
#include "patctl/render/health.hpp"
#include "patctl/render/words.hpp"
#include "patctl/source.hpp"

#include <patroni/health_explanation.hpp>
#include <patroni/member.hpp>

#include <algorithm>
#include <chrono>

namespace patctl {
namespace {

using patroni::Error;
using patroni::ErrorKind;
using patroni::Failure;
using patroni::HealthFacts;
using patroni::Member;
using std::chrono::steady_clock;

/// How often a check is asked whose answer does not fit the facts: they may have changed between.
constexpr int k_tries = 3;

/// One member, its facts and its answer to the check, under one deadline.
class HealthCheckup {
public:
    HealthCheckup(const ChosenMember& chosen, const std::vector<ChosenMember>& others,
                  patroni::MemberOptions how, std::string target, steady_clock::time_point deadline)
        : others_(others),
          how_(std::move(how)),
          member_(chosen.api.text(), how_),
          deadline_(deadline) {
        answer_.member = chosen.name;
        answer_.api = chosen.api;
        answer_.target = std::move(target);
    }

    /// Throws Failure when the member does not answer, or the path is no health check.
    render::HealthAnswer run() {
        for (int i = 0; i < k_tries; ++i) {
            look();
            const auto agrees = answer_.agrees();
            if (!agrees || *agrees) {
                break;
            }
        }
        return std::move(answer_);
    }

private:
    patroni::CallOptions call() const {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline_ - steady_clock::now());
        return {.timeout = std::max(left, std::chrono::milliseconds(1))};
    }

    void look() {
        answer_.not_known.clear();
        HealthFacts facts;
        facts.status = member_.call(patroni::GetStatus{}, call()).data;
        answer_.version = facts.status.patroni_version;
        if (!facts.status.name && answer_.member != answer_.api.address.text()) {
            facts.name = answer_.member;
        }
        if (!patroni::explain_health_check(answer_.target, facts)) {
            throw Failure(misuse(render::safe(answer_.target) +
                                 " is no health check; patctl api GET shows what it answers"));
        }
        ask_cluster(facts);
        ask_config(facts);
        ask_leader(facts);
        const auto reply = member_.call(patroni::RawRequest{.target = answer_.target}, call());
        answer_.status = reply.status;
        answer_.explanation = *patroni::explain_health_check(answer_.target, facts);
    }

    void ask_cluster(HealthFacts& facts) {
        try {
            facts.cluster = member_.call(patroni::GetCluster{}, call()).data;
            name_by_address(facts);
        } catch (const Failure& failure) {
            // Without its DCS a member closes this call without an answer.
            facts.dcs_lost = failure.error().kind == ErrorKind::reset;
            answer_.not_known.push_back(to_line(failure.error()));
        }
    }

    /// A member that was found by its address and does not say its name.
    void name_by_address(HealthFacts& facts) const {
        if (facts.status.name || !facts.name.empty()) {
            return;
        }
        for (const auto& row : facts.cluster->members) {
            if (row.api == answer_.api) {
                facts.name = row.name;
            }
        }
    }

    void ask_config(HealthFacts& facts) {
        try {
            facts.config = member_.call(patroni::GetConfig{}, call()).data;
        } catch (const Failure& failure) {
            if (!facts.dcs_lost) {
                answer_.not_known.push_back(to_line(failure.error()));
            }
        }
    }

    /// A lag needs the leader's position, and only the leader knows it to the byte.
    void ask_leader(HealthFacts& facts) const {
        const bool wanted = answer_.target.find("lag=") != std::string::npos ||
                            answer_.target.starts_with("/readiness");
        const auto* leader = wanted && facts.cluster ? facts.cluster->leader() : nullptr;
        if (leader == nullptr) {
            return;
        }
        const auto found = std::ranges::find_if(others_, [&](const ChosenMember& other) {
            return other.name == leader->name || other.api == leader->api;
        });
        if (found == others_.end() || found->api == answer_.api) {
            return;
        }
        try {
            patroni::Member other(found->api.text(), how_);
            facts.leader_position = other.call(patroni::GetStatus{}, call()).data.location;
        } catch (const Failure&) {
            // Then what the DCS shows has to do.
        }
    }

    const std::vector<ChosenMember>& others_;
    patroni::MemberOptions how_;
    Member member_;
    steady_clock::time_point deadline_;
    render::HealthAnswer answer_;
};

}  // namespace

int run_health(const Options& options, Terminal& terminal) {
    const std::string& target = options.words[1];
    if (!target.starts_with('/')) {
        return report_failure(misuse("the path begins with a slash: /" + target), terminal);
    }
    auto source = resolve_source(options, terminal);
    if (!source) {
        return report_failure(source.error(), terminal);
    }
    const auto deadline = steady_clock::now() + options.timeout;
    auto members = find_members(*source, options);
    if (!members) {
        return report_failure(members.error(), terminal);
    }
    auto chosen = choose_member(*members, options.words[0]);
    if (!chosen) {
        return report_failure(chosen.error(), terminal);
    }
    patroni::MemberOptions how;
    how.tls = source->client.member_tls;
    how.trace = source->client.trace;
    const auto format =
        options.format.value_or(terminal.out_is_terminal ? Format::pretty : Format::tsv);
    try {
        const auto answer = HealthCheckup(*chosen, *members, how, target, deadline).run();
        terminal.out(render::health_text(answer, format));
        if (format == Format::tsv && answer.agrees() == false) {
            terminal.err("patctl: the answer is not what the facts say: HTTP " +
                         std::to_string(answer.status) + "\n");
        }
        return answer.status == 200 ? exit_done : exit_failed;
    } catch (const Failure& failure) {
        if (is_document(format) && failure.error().kind != ErrorKind::config) {
            render::HealthAnswer nothing;
            nothing.member = chosen->name;
            nothing.api = chosen->api;
            nothing.target = target;
            nothing.error = failure.error();
            terminal.out(render::health_text(nothing, format));
        }
        return report_failure(failure.error(), terminal);
    }
}

}  // namespace patctl
