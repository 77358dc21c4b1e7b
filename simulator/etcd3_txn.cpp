#include "simulator/etcd3_calls.hpp"
#include "simulator/etcd3_compare.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace patroni::simulation {
namespace {

constexpr std::size_t max_operations = 128;

GrpcError refused(int code, std::string_view message) {
    return {.code = code, .message = "etcdserver: " + std::string(message)};
}

struct Txn;

/// One operation of a branch.
struct Operation {
    enum class Kind { put, range, erase, txn };
    Kind kind;
    GatewayFields fields;
    std::vector<Txn> nested;  ///< One for `txn`.
};

using Branch = std::vector<Operation>;

struct Txn {
    std::vector<Etcd3Compare> compares;
    Branch success;
    Branch failure;

    const Branch& chosen(const EtcdStore& store) const {
        return holds_in(store) ? success : failure;
    }
    bool holds_in(const EtcdStore& store) const {
        return std::ranges::all_of(compares,
                                   [&](const Etcd3Compare& each) { return each.holds_in(store); });
    }
};

/// What could not be read stands in the fields, or in `error`.
Txn read_txn(const GatewayFields& fields, std::optional<GrpcError>& error);

Branch read_branch(const GatewayFields& fields, std::string_view name,
                   std::optional<GrpcError>& error) {
    using Kind = Operation::Kind;
    Branch branch;
    for (const GatewayFields& request : fields.messages(name)) {
        if (const auto put = request.message("request_put")) {
            branch.push_back({.kind = Kind::put, .fields = *put, .nested = {}});
        } else if (const auto range = request.message("request_range")) {
            branch.push_back({.kind = Kind::range, .fields = *range, .nested = {}});
        } else if (const auto erase = request.message("request_delete_range")) {
            branch.push_back({.kind = Kind::erase, .fields = *erase, .nested = {}});
        } else if (const auto txn = request.message("request_txn")) {
            branch.push_back({.kind = Kind::txn, .fields = *txn, .nested = {}});
            branch.back().nested.push_back(read_txn(*txn, error));
        } else {
            error = refused(3, "key not found");
        }
    }
    return branch;
}

Txn read_txn(const GatewayFields& fields, std::optional<GrpcError>& error) {
    Txn txn;
    for (const GatewayFields& compare : fields.messages("compare")) {
        txn.compares.emplace_back(compare);
    }
    txn.success = read_branch(fields, "success", error);
    txn.failure = read_branch(fields, "failure", error);
    return txn;
}

/// What is wrong with the request, whatever is in the store.
std::optional<GrpcError> fault_of(const Txn& txn, std::size_t limit) {
    const std::size_t count =
        std::max({txn.compares.size(), txn.success.size(), txn.failure.size()});
    if (count > limit) {
        return refused(3, "too many operations in txn request");
    }
    if (std::ranges::any_of(txn.compares,
                            [](const Etcd3Compare& each) { return !each.has_key(); })) {
        return refused(3, "key is not provided");
    }
    for (const Branch* branch : {&txn.success, &txn.failure}) {
        for (const Operation& operation : *branch) {
            if (operation.kind == Operation::Kind::txn) {
                if (auto fault = fault_of(operation.nested.front(), limit - count)) {
                    return fault;
                }
            } else if (operation.fields.bytes("key").empty()) {
                return refused(3, "key is not provided");
            }
        }
    }
    return std::nullopt;
}

/// The keys that a branch puts, whichever way its transactions go; nullopt: one of them twice, or
/// deleted too.
std::optional<std::set<std::string>> puts_of(const Branch& branch) {
    std::set<std::string> puts;
    for (const Operation& operation : branch) {
        std::set<std::string> own;
        if (operation.kind == Operation::Kind::put) {
            own.insert(operation.fields.bytes("key"));
        } else if (operation.kind == Operation::Kind::txn) {
            for (const Branch* nested :
                 {&operation.nested.front().success, &operation.nested.front().failure}) {
                const auto some = puts_of(*nested);
                if (!some) {
                    return std::nullopt;
                }
                own.insert(some->begin(), some->end());
            }
        }
        for (const std::string& key : own) {
            if (!puts.insert(key).second) {
                return std::nullopt;
            }
        }
    }
    const bool deleted = std::ranges::any_of(branch, [&](const Operation& operation) {
        const bool erases = operation.kind == Operation::Kind::erase;
        return erases && std::ranges::any_of(puts, [&](const std::string& key) {
                   return etcd3_in_range(key, operation.fields.bytes("key"),
                                         operation.fields.bytes("range_end"));
               });
    });
    return deleted ? std::nullopt : std::optional(std::move(puts));
}

/// What would make one of the operations fail after another was carried out.
std::optional<GrpcError> late_fault_of(const Etcd3& etcd, const Branch& branch) {
    for (const Operation& operation : branch) {
        std::optional<GrpcError> fault;
        if (operation.kind == Operation::Kind::range) {
            const Etcd3Answer answer = etcd3_range(etcd, operation.fields);
            if (const auto* error = std::get_if<GrpcError>(&answer)) {
                fault = *error;
            }
        } else if (operation.kind == Operation::Kind::put) {
            fault = etcd3_put_fault(etcd, operation.fields);
        } else if (operation.kind == Operation::Kind::txn) {
            fault = late_fault_of(etcd, operation.nested.front().chosen(etcd.store));
        }
        if (fault) {
            return fault;
        }
    }
    return std::nullopt;
}

Value run(Etcd3& etcd, const Txn& txn);

Value run_operation(Etcd3& etcd, const Operation& operation) {
    const auto answer = [&](std::string_view name, Value response) {
        return Value::object({{std::string(name), std::move(response)}});
    };
    const auto with_revision = [&](Etcd3Answer from) {
        auto& response = std::get<Value>(from);
        response.set("header", Value::object({{"revision", std::to_string(etcd.store.index())}}));
        return std::move(response);
    };
    switch (operation.kind) {
        case Operation::Kind::put:
            return answer("response_put", with_revision(etcd3_put(etcd, operation.fields)));
        case Operation::Kind::range:
            return answer("response_range", with_revision(etcd3_range(etcd, operation.fields)));
        case Operation::Kind::erase:
            return answer("response_delete_range",
                          with_revision(etcd3_delete_range(etcd, operation.fields)));
        case Operation::Kind::txn:
            break;
    }
    Value header = Value::object({{"header", Value::object()}});
    Value nested = run(etcd, operation.nested.front());
    for (auto& [name, value] : *nested.if_object()) {
        header.set(name, std::move(value));
    }
    return answer("response_txn", std::move(header));
}

/// `succeeded` and `responses`.
Value run(Etcd3& etcd, const Txn& txn) {
    Value reply = Value::object();
    const bool succeeded = txn.holds_in(etcd.store);
    Value responses = Value::array();
    for (const Operation& operation : succeeded ? txn.success : txn.failure) {
        responses.push_back(run_operation(etcd, operation));
    }
    if (succeeded) {
        reply.set("succeeded", true);
    }
    if (!responses.if_array()->empty()) {
        reply.set("responses", std::move(responses));
    }
    return reply;
}

}  // namespace

Etcd3Answer etcd3_txn(Etcd3& etcd, const GatewayFields& fields) {
    std::optional<GrpcError> error;
    const Txn txn = read_txn(fields, error);
    if (fields.error()) {
        return *fields.error();
    }
    if (auto fault = fault_of(txn, max_operations)) {
        return *fault;
    }
    if (error) {
        return *error;
    }
    if (!puts_of(txn.success) || !puts_of(txn.failure)) {
        return refused(3, "duplicate key given in txn request");
    }
    if (auto fault = late_fault_of(etcd, txn.chosen(etcd.store))) {
        return *fault;
    }
    const EtcdStore::Batch batch(etcd.store);
    Value done = run(etcd, txn);
    Value reply = Value::object({{"header", etcd3_header(etcd)}});
    for (auto& [name, value] : *done.if_object()) {
        reply.set(name, std::move(value));
    }
    return reply;
}

}  // namespace patroni::simulation
