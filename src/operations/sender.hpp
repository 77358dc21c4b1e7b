#pragma once

#include "transport/http_client.hpp"

#include <patroni/secret.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace patroni::operations {

/// How patient a request to a member is. The defaults are the library's own.
struct Manners {
    /// Further attempts when no connection comes about (then nothing was sent), and for GET and
    /// DELETE when it breaks; redirects count, too.
    int more_attempts = 0;
    bool follow_redirects = false;
    bool always_authenticate = false;  ///< Also what only reads.
    std::string user_agent = {};       ///< Empty: the library's.
    std::chrono::milliseconds connect{1000};
};

/// Who asks the members of one cluster, and how.
struct Requester {
    std::string user;
    Secret password;
    std::shared_ptr<const TlsSettings> tls;
    Manners manners;
};

/// Sends a request to a member. A status is no error. The Error of the last attempt; its `delivery`
/// is that of the attempt that got farthest. Credentials never follow a redirect to another origin.
/// On the thread of the HttpClient, which outlives it.
Operation send_to_member(transport::HttpClient& http, const Requester& requester, Origin origin,
                         protocol::Request request, transport::SteadyTime deadline,
                         Callback<void(Result<protocol::Response>)> done);

}  // namespace patroni::operations
