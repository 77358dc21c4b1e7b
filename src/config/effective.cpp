#include "config/effective.hpp"

#include <array>

namespace patroni::config {
namespace {

/// What only the configuration in the store can say.
constexpr std::array<std::string_view, 3> k_dynamic = {"ttl", "loop_wait", "retry_timeout"};

class Maker {
public:
    Maker(Layer local, Dialect dialect) : layer_(std::move(local)), dialect_(dialect) {}

    Result<Layer> make() && {
        for (const auto key : k_dynamic) {
            layer_.remove(key);
        }
        for (auto step : {&Maker::check_citus, &Maker::fill_empty, &Maker::check_parameters,
                          &Maker::lift_exhibitor}) {
            if (auto done = (this->*step)(); !done) {
                return std::move(done).error();
            }
        }
        for (const auto* section : {"ctl", "restapi"}) {
            if (auto done = make_auth(section); !done) {
                return std::move(done).error();
            }
        }
        layer_.value.set("ttl", 30).set("loop_wait", 10).set("retry_timeout", 10);
        return std::move(layer_);
    }

private:
    Error wrong(std::string_view path, const std::string& message) const {
        return Configuration(layer_.value, layer_.places, dialect_).wrong(path, message);
    }

    Result<void> check_citus() {
        const Value* citus = layer_.value.find("citus");
        if (citus == nullptr) {
            return {};
        }
        const Value* group = citus->find("group");
        const Value* database = citus->find("database");
        const bool good_group =
            group != nullptr && (group->if_int() != nullptr || group->if_bool() != nullptr);
        const bool good_database = database != nullptr && database->if_string() != nullptr;
        if (good_group && good_database) {
            return {};
        }
        if (dialect_ == Dialect::patctl) {
            return good_group ? wrong(database != nullptr ? "citus.database" : "citus",
                                      "expected a 'database' with the name of one, beside 'group'")
                              : wrong(group != nullptr ? "citus.group" : "citus",
                                      "expected a 'group' with a number, without quotes: {group: "
                                      "0, database: NAME}");
        }
        layer_.remove("citus");
        return {};
    }

    Result<void> fill_empty() {
        for (auto& [key, value] : *layer_.value.if_object()) {
            if (!is_truthy(value)) {
                value = Value::object();
            }
        }
        return {};
    }

    Result<void> check_parameters() {
        const Value* postgresql = layer_.value.find("postgresql");
        const Value* parameters = postgresql != nullptr ? postgresql->find("parameters") : nullptr;
        if (parameters != nullptr && is_truthy(*parameters) && parameters->if_object() == nullptr) {
            return wrong("postgresql.parameters", "expected a map such as {work_mem: 16MB}");
        }
        return {};
    }

    /// The old place of a section.
    Result<void> lift_exhibitor() {
        const Value* zookeeper = layer_.value.find("zookeeper");
        const Value* old = zookeeper != nullptr ? zookeeper->find("exhibitor") : nullptr;
        if (old == nullptr) {
            return {};
        }
        Value exhibitor = *old;
        constexpr std::string_view from = "zookeeper.exhibitor";
        Configuration::Places places;
        for (auto it = layer_.places.lower_bound(from);
             it != layer_.places.end() && it->first.starts_with(from); ++it) {
            places.emplace("exhibitor" + it->first.substr(from.size()), it->second);
        }
        layer_.remove("exhibitor");
        layer_.remove("zookeeper");
        layer_.value.set("exhibitor", std::move(exhibitor));
        layer_.places.merge(places);
        return {};
    }

    Result<void> make_auth(const std::string& section) {
        const Value* map = layer_.value.find(section);
        const Value* pair = map != nullptr ? map->find("authentication") : nullptr;
        if (pair == nullptr) {
            return {};
        }
        const std::string path = section + ".authentication";
        const Value* user = pair->find("username");
        const Value* password = pair->find("password");
        for (const auto& [key, value] : {std::pair("username", user), {"password", password}}) {
            if (value == nullptr) {
                return wrong(path, "expected 'username' and 'password'; there is no '" +
                                       std::string(key) + "'");
            }
            if (value->if_object() != nullptr || value->if_array() != nullptr ||
                (value->is_null() && dialect_ == Dialect::patctl)) {
                return wrong(path + "." + key, "expected a text");
            }
        }
        const std::string auth = python_text(*user) + ":" + python_text(*password);
        const auto place = layer_.places.find(path);
        layer_.set(section, "auth", auth, place != layer_.places.end() ? place->second : Place{});
        return {};
    }

    Layer layer_;
    Dialect dialect_;
};

}  // namespace

Result<Layer> make_effective(Layer local, Dialect dialect) {
    return Maker(std::move(local), dialect).make();
}

}  // namespace patroni::config
