#include "patctl/api_request.hpp"
#include "patctl/commands.hpp"
#include "patctl/exit_code.hpp"
#include "patctl/failure.hpp"
#include "patctl/member_choice.hpp"
#include "patctl/render/call.hpp"
#include "patctl/render/words.hpp"
#include "patctl/source.hpp"
#include "patctl/stop_signals.hpp"

#include <patroni/capability.hpp>
#include <patroni/member.hpp>
#include <patroni/member_group.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace patctl {
namespace {

using patroni::Error;
using patroni::ErrorKind;
using patroni::Origin;
using patroni::RawRequest;
using patroni::Result;
using Reply = patroni::Reply<RawRequest::Data>;

/// Basic auth goes to no host by http that a host with https named.
bool is_trusted(const ResolvedSource& source, const Origin& api) {
    return source.seeds.kind != patroni::Seeds::Kind::api || api.tls ||
           std::ranges::none_of(source.seeds.endpoints, &Origin::tls);
}

int exit_code(const Reply& reply) {
    if (const auto& outcome = reply.data.outcome) {
        return outcome->kind == patroni::OutcomeKind::unknown ? exit_unknown
               : outcome->as_asked()                          ? exit_done
                                                              : exit_failed;
    }
    return reply.status < 400 ? exit_done : exit_failed;
}

class ApiCall {
public:
    ApiCall(const Options& options, Terminal& terminal) : options_(options), terminal_(terminal) {}

    /// Everything that can be wrong before anything is asked.
    Result<void> prepare() {
        auto request = request_of(options_);
        if (!request) {
            return std::move(request).error();
        }
        call_.request = *std::move(request);
        auto source = resolve_source(options_, terminal_);
        if (!source) {
            return std::move(source).error();
        }
        source_ = *std::move(source);
        auto how = member_options(source_, options_, terminal_);
        if (!how) {
            return std::move(how).error();
        }
        how_ = *std::move(how);
        begun_ = std::chrono::steady_clock::now();
        auto members = find_members(source_, options_);
        if (!members) {
            return std::move(members).error();
        }
        members_ = *std::move(members);
        return {};
    }

    Result<void> send() {
        if (options_.member) {
            auto member = choose_member(members_, *options_.member);
            if (!member) {
                return std::move(member).error();
            }
            members_ = {*std::move(member)};
        } else if (members_.size() > 1 && !is_of_cluster(call_.request)) {
            return misuse(
                call_.request.method + " " + render::safe(call_.request.target) +
                " is about one member: name it with --member; there are: " + names_of(members_));
        }
        for (const auto& member : members_) {
            if (!call_.request.is_read() && !how_.user.empty() &&
                !is_trusted(source_, member.api)) {
                return misuse(member.api.text() +
                              " was named by a host with https and has none itself: the password "
                              "is not sent there; name it with --api to do so");
            }
        }
        try {
            return members_.size() > 1 ? send_to_any() : send_to(members_.front());
        } catch (const patroni::Failure& failure) {
            return failure.error();
        }
    }

    /// A program that reads documents gets one after a failure, too.
    int fail(const Error& error) {
        const auto format = options_.format.value_or(Format::pretty);
        if (is_document(format) && error.kind != ErrorKind::config) {
            call_.error = error;
            terminal_.out(render::call_text(call_, format));
        }
        Error named = error;
        if (!call_.member.empty() && call_.member != call_.api.address.text()) {
            named.endpoint = call_.member + (error.endpoint.empty() ? "" : ", " + error.endpoint);
        }
        return report_failure(named, terminal_);
    }

    int print() const {
        const auto format =
            options_.format.value_or(terminal_.out_is_terminal ? Format::pretty : Format::tsv);
        if (options_.verbosity > 0 && !is_document(format)) {
            terminal_.err(render::head_text(call_));
        }
        terminal_.out(render::call_text(call_, format));
        const auto& outcome = call_.reply.data.outcome;
        if (outcome && !is_document(format)) {
            terminal_.err(render::safe(call_.member) + ": " + to_line(*outcome) + "\n");
        } else if (call_.reply.status >= 400 && !is_document(format)) {
            terminal_.err("patctl: " + render::safe(call_.member) + ": HTTP " +
                          std::to_string(call_.reply.status) + "\n");
        }
        return exit_code(call_.reply);
    }

private:
    Result<void> send_to(const ChosenMember& chosen) {
        call_.member = chosen.name;
        call_.api = chosen.api;
        if (call_.request.is_read()) {
            patroni::Member member(chosen.api.text(), how_);
            call_.reply = member.call(call_.request, {.timeout = timeout()});
            return {};
        }
        return write_to(chosen.api);
    }

    /// From here on a signal is no reason to say nothing of what may have been done: it ends the
    /// wait for the answer, and the program says what is known.
    Result<void> write_to(const Origin& api) {
        signals_.emplace(runtime_, [this] { operation_.cancel(); });
        patroni::Member member(runtime_, api, how_);
        std::optional<Result<Reply>> answer;
        operation_ = member.start(call_.request, {.timeout = timeout()}, [&](Result<Reply> reply) {
            answer = std::move(reply);
            runtime_.stop();
        });
        runtime_.run();
        if (!*answer) {
            return std::move(*answer).error();
        }
        call_.reply = **std::move(answer);
        return {};
    }

    /// A read goes to whoever answers first; a write to one that has just answered, once.
    Result<void> send_to_any() {
        std::vector<Origin> origins;
        for (const auto& member : members_) {
            origins.push_back(member.api);
        }
        patroni::MemberGroup group(origins, how_);
        if (!call_.request.is_read()) {
            const auto alive = group.first_good(patroni::GetStatus{}, {.timeout = time_left()});
            return send_to(named(alive.member));
        }
        auto reply = group.first_good(call_.request, {.timeout = timeout()});
        const auto& chosen = named(reply.member);
        call_.member = chosen.name;
        call_.api = chosen.api;
        call_.reply = std::move(reply);
        return {};
    }

    const ChosenMember& named(const Origin& api) const {
        return *std::ranges::find(members_, api, &ChosenMember::api);
    }

    /// A write takes its time (the table knows how long) unless the user says otherwise.
    std::chrono::milliseconds timeout() const {
        return call_.request.is_read() || options_.has_timeout ? time_left()
                                                               : std::chrono::milliseconds(0);
    }

    /// The source took a part of it.
    std::chrono::milliseconds time_left() const {
        using std::chrono::milliseconds;
        const auto spent = std::chrono::steady_clock::now() - begun_;
        return std::max(milliseconds(1), std::chrono::ceil<milliseconds>(options_.timeout - spent));
    }

    const Options& options_;
    Terminal& terminal_;
    ResolvedSource source_;
    patroni::MemberOptions how_;
    std::vector<ChosenMember> members_;
    std::chrono::steady_clock::time_point begun_;
    render::Call call_;
    patroni::Runtime runtime_;  ///< Of a write.
    patroni::Operation operation_;
    std::optional<StopSignals> signals_;  ///< Until the outcome is printed.
};

}  // namespace

int run_api(const Options& options, Terminal& terminal) {
    ApiCall call(options, terminal);
    if (auto prepared = call.prepare(); !prepared) {
        return call.fail(prepared.error());
    }
    if (auto sent = call.send(); !sent) {
        return call.fail(sent.error());
    }
    return call.print();
}

}  // namespace patctl
