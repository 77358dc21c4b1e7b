#pragma once

#include <patroni/callback.hpp>
#include <patroni/member.hpp>
#include <patroni/member_queries.hpp>
#include <patroni/operation.hpp>
#include <patroni/reply.hpp>
#include <patroni/result.hpp>
#include <patroni/runtime.hpp>
#include <patroni/url.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace patroni {

/// How several members are asked.
struct GroupOptions {
    /// For everything; 0: `Capability::timeout`.
    std::chrono::milliseconds timeout{0};
    /// A member that has not answered after so long (and up to half of it more, by chance) is not
    /// waited for alone: the next one is asked, too. 0: all at once.
    std::chrono::milliseconds hedge_after{200};
};

/// The answer that was taken, whose it is, and what others said before.
template <class T>
struct GroupReply : Reply<T> {
    Origin member;
    std::vector<Error> failures;  ///< Of members that were asked earlier, each with its endpoint.
};

/// The members of one cluster, for questions that any of them can answer: GetStatus, GetCluster,
/// GetHistory, GetConfig, GetFailsafe, and RawRequest that is a read.
///
///     patroni::MemberGroup group{{a, b, c}};
///     auto cluster = group.first_good(patroni::GetCluster{}).data;
///
/// The members are asked in an order that chance decides, one after the other as long as they
/// answer quickly: one that fails makes way for the next, one that is slow gets company. The first
/// good answer ends the others' calls. No member is ever asked twice, nor has two connections.
///
/// Threads and loops as those of Member.
class MemberGroup {
public:
    /// Throws Failure (config) without a member. A member that is named twice counts once.
    explicit MemberGroup(std::vector<Origin> members, MemberOptions options = {});
    /// On a loop of the caller's, which must outlive the group.
    MemberGroup(Runtime& runtime, std::vector<Origin> members, MemberOptions options = {});
    ~MemberGroup();
    MemberGroup(MemberGroup&&) noexcept;
    MemberGroup& operator=(MemberGroup&&) noexcept;

    /// Throws Failure when nobody gave a good answer: its kind and delivery are those of the member
    /// that came furthest, its message names each with its reason. Of a RawRequest an answer with
    /// status 2xx is good; without one the first answer is taken. Failure (config): a RawRequest
    /// that may change something.
    template <class Request>
    GroupReply<typename Request::Data> first_good(Request request, GroupOptions options = {});

    /// The same with a callback: as `Member::start`.
    template <class Request>
    Operation start_first_good(Request request, GroupOptions options,
                               Callback<void(Result<GroupReply<typename Request::Data>>)> done);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patroni
