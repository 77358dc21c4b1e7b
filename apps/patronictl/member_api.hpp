#pragma once

#include "patronictl/dcs_view.hpp"
#include "patronictl/session.hpp"

#include <patroni/operations.hpp>
#include <patroni/result.hpp>

#include <optional>
#include <string>

namespace patronictl {

/// Speaks to the REST API of members as patronictl does: credentials with every request, three
/// further attempts while no connection comes about (and of GET and DELETE when it breaks),
/// redirects. Unlike patronictl it gives up: Session::patience().
class MemberApi {
public:
    explicit MemberApi(Session& session);

    struct Answer {
        int status = 0;
        std::string body;  ///< Fit for the terminal when there is one.
    };

    /// `endpoint` such as "restart", whatever the path of the member's API URL is. `body`: JSON,
    /// nullptr for none. Throws Fail when there is no answer.
    Answer ask(const DcsMember& member, const std::string& method, const std::string& endpoint,
               const patroni::Value* body = nullptr);
    /// The same with the Error as a value.
    patroni::Result<Answer> try_to_ask(const DcsMember& member, const std::string& method,
                                       const std::string& endpoint,
                                       const patroni::Value* body = nullptr);

    /// A switchover or failover; `api` of the request is that of `member` (nullptr: none).
    patroni::LeaderResult change_leader(patroni::LeaderRequest request, const DcsMember* member);

    /// Text of a server as it may be printed.
    std::string shown(std::string text) const;

private:
    Session& session_;
    patroni::Operations operations_;
};

}  // namespace patronictl
