#pragma once

#include <patroni/result.hpp>
#include <patroni/value.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::codec {

/// The anchors of one YAML document. What they stand for in all is bounded: a few lines can stand
/// for billions of nodes.
class YamlAnchors {
public:
    /// The anchored node begins: an alias inside of it would be endless. False for a name that was
    /// used before, as PyYAML has it.
    [[nodiscard]] bool open(std::string_view name);
    /// The anchored node is complete. False when the bound is passed.
    [[nodiscard]] bool define(std::string_view name, const Value& value);
    /// A copy of the node of an alias, at most `max_depth` levels deep.
    Result<Value> use(std::string_view name, std::size_t max_depth);

private:
    struct Size {
        std::size_t nodes = 0;
        std::size_t bytes = 0;
        std::size_t depth = 0;  ///< 0 for a scalar.
    };
    static Size measure(const Value& value);
    bool spend(const Size& size);

    /// nullopt while the anchored node is still being read.
    std::map<std::string, std::optional<Value>, std::less<>> anchors_;
    Size spent_;
};

}  // namespace patroni::codec
