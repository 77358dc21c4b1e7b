#pragma once

#include <patroni/value.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::simulation {

/// An error as gRPC has it; `code` is its number.
struct GrpcError {
    int code = 2;
    std::string message;
    bool by_gateway = false;  ///< The request did not come as far as etcd itself.
};

/// The next JSON document of a request's body, which is taken from its front.
struct NextDocument {
    Value value = {};
    bool end = false;                ///< There is none.
    std::optional<GrpcError> error;  ///< It is none, in Go's words (mostly).
};
NextDocument next_document(std::string_view& body);

/// Go's name for the type of a JSON value.
std::string_view go_type(const Value& value);

/// Reads the fields of a request as grpc-gateway does: snake or camel case, integers as numbers or
/// text, bytes as base64, null and absent as the default. The first field that cannot be read makes
/// the error, which is looked at in the end.
class GatewayFields {
public:
    /// `error` belongs to the request, and is shared with the messages within it.
    GatewayFields(const Value& object, std::optional<GrpcError>& error);

    std::string bytes(std::string_view name) const;
    std::string text(std::string_view name) const;
    std::int64_t integer(std::string_view name) const;
    bool flag(std::string_view name) const;
    /// A word of an enum, or its number; `type` is for the error.
    std::int64_t choice(std::string_view name, std::initializer_list<std::string_view> words,
                        std::string_view type) const;
    std::vector<std::int64_t> choices(std::string_view name,
                                      std::initializer_list<std::string_view> words,
                                      std::string_view type) const;
    /// The message; nullopt when it is absent.
    std::optional<GatewayFields> message(std::string_view name) const;
    std::vector<GatewayFields> messages(std::string_view name) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }
    const std::optional<GrpcError>& error() const { return *error_; }

private:
    const Value* find(std::string_view name) const;
    void wrong(std::string message) const;
    void wrong_type(const Value& value, std::string_view type) const;
    std::int64_t choice_of(const Value& value, std::initializer_list<std::string_view> words,
                           std::string_view type) const;

    const Value* object_;
    std::optional<GrpcError>* error_;
};

}  // namespace patroni::simulation
