#pragma once

#include <patroni/error.hpp>
#include <patroni/value.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace patroni::config {

/// Whose habits hold where a configuration is wrong or unsafe.
enum class Dialect {
    patctl,      ///< Ours: what is wrong is an error, certificates are verified.
    patronictl,  ///< The original's, with a warning where it is unsafe.
};

/// Where a value was said.
struct Place {
    std::string source;    ///< A file, a variable ("PATRONI_SCOPE") or an option ("--dcs-url").
    std::size_t line = 0;  ///< In the file, from 1; 0: no file, or its line is not known.

    /// "/etc/patroni.yml:12" or "PATRONI_SCOPE".
    std::string text() const;
    friend bool operator==(const Place&, const Place&) = default;
};

/// A configuration as Patroni makes it of files, environment and options, and where each value
/// came from. Keys are named by their path: "etcd3.hosts[0]". Holds secrets in plain: only
/// `place` and what Settings are made of may be shown.
class Configuration {
public:
    using Places = std::map<std::string, Place, std::less<>>;

    Configuration() = default;
    Configuration(Value value, Places places, Dialect dialect)
        : value_(std::move(value)), places_(std::move(places)), dialect_(dialect) {}

    /// Always a map.
    const Value& value() const noexcept { return value_; }
    /// The value at a path of keys ("ctl.insecure"); nullptr: there is none.
    const Value* find(std::string_view path) const noexcept;
    /// Where a key was said, or removed; of one that has no place of its own, where what it is in
    /// was said. "" is the whole: the file or folder.
    const Place* place(std::string_view path) const noexcept;
    const Places& places() const noexcept { return places_; }
    Dialect dialect() const noexcept { return dialect_; }

    /// Error of kind `config`: endpoint "FILE:LINE" or the variable, message "KEY: MESSAGE".
    Error wrong(std::string_view path, const std::string& message,
                ErrorKind kind = ErrorKind::config) const;

private:
    Value value_ = Value::object();
    Places places_;
    Dialect dialect_ = Dialect::patctl;
};

}  // namespace patroni::config
