#pragma once

#include "config/settings.hpp"
#include "patctl/options.hpp"
#include "patctl/terminal.hpp"

#include <patroni/client.hpp>
#include <patroni/result.hpp>

#include <optional>
#include <string>

namespace patctl {

/// Where a command looks, made from its options or from a configuration file.
struct ResolvedSource {
    patroni::Seeds seeds;
    patroni::ClientOptions client;
    std::string described;  ///< The options that lead here again, without secrets.
    /// For what changes a member; of a configuration only.
    std::optional<patroni::config::MemberAuth> member_auth;
    /// What to tell beside an error of TLS; may be empty.
    std::string tls_advice;
    /// Where all of it was configured; nullopt when options alone say it.
    std::optional<patroni::config::Configuration> configuration;
};

/// Errors of kind `config` or `unsupported`: exit code 2. Without any source the message tells what
/// was looked for. Warnings (a password in an argument) go to `terminal.err`.
patroni::Result<ResolvedSource> resolve_source(const Options& options, Terminal& terminal);

/// The same for a command that works on a store alone: any other source is an Error. `what` begins
/// its message: "watch needs".
patroni::Result<ResolvedSource> resolve_store(const Options& options, Terminal& terminal,
                                              const std::string& what);

/// The first line of a file, or of standard input for "-". `option` is named in the Error.
patroni::Result<patroni::Secret> read_secret(const std::string& option, const std::string& file);

}  // namespace patctl
