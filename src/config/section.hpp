#pragma once

#include "config/configuration.hpp"

#include <patroni/error.hpp>
#include <patroni/secret.hpp>
#include <patroni/tls_settings.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patroni::config {

/// Reads the keys of one section into their types. What is absent or null gives an empty value; the
/// first key of a wrong type is kept as the error, with its place and what would be right.
class Section {
public:
    Section(const Configuration& configuration, std::string name);

    bool has(std::string_view key) const;
    /// A scalar of any type, as it is written.
    std::string text(std::string_view key);
    Secret secret(std::string_view key) { return Secret(text(key)); }
    /// A list of scalars, or a text with commas between its items; without blanks around them.
    std::vector<std::string> list(std::string_view key);
    /// A map of scalars; an item that is a list has its items joined with a comma.
    std::vector<std::pair<std::string, std::string>> map(std::string_view key);
    /// Where an item of a map is, for errors. One with a colon in its name stays untold: it may be
    /// a password in the wrong place, or the hash of one.
    static std::string item(std::string_view key, std::string_view name);
    /// A number from 1 to 65535.
    std::uint16_t port(std::string_view key, std::uint16_t fallback);
    /// A positive number of seconds.
    std::int64_t seconds(std::string_view key, std::int64_t fallback);
    /// A switch. As patronictl any value that Python takes as true is true, "off" too.
    bool flag(std::string_view key, bool fallback);
    /// The same for keys that Patroni reads with its parse_bool, and what that does not know not at
    /// all.
    std::optional<bool> truth(std::string_view key);
    /// A file of CAs or a folder of them.
    void authorities(std::string_view key, TlsSettings& tls);

    /// Notes an error of the key ("" of the section itself), unless there is one already.
    void wrong(std::string_view key, const std::string& message,
               ErrorKind kind = ErrorKind::config);
    /// What stands in the section and is none of these keys, as sentences with their places.
    std::vector<std::string> strangers(std::span<const std::string_view> known) const;
    std::string path(std::string_view key) const;
    /// "FILE:LINE" of a key.
    std::string place(std::string_view key) const;
    const std::string& name() const noexcept { return name_; }
    const std::optional<Error>& error() const noexcept { return error_; }
    Dialect dialect() const noexcept { return configuration_.dialect(); }

private:
    const Value* find(std::string_view key) const;
    /// The text of a scalar; notes an error for a list or a map.
    std::optional<std::string> scalar(const Value& value, std::string_view key);

    const Configuration& configuration_;
    std::string name_;
    std::optional<Error> error_;
};

}  // namespace patroni::config
