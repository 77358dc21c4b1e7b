#pragma once

#include "postgres/libpq.hpp"

#include <patroni/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace patroni::postgres {

/// How to connect: keywords of libpq ("host", "port", "user", "password", "dbname", ...); what is
/// missing comes from libpq's environment variables, service and password files.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// A statement that failed. `sqlstate` is empty where the server did not say one (it was not
/// reached, or the connection broke). The text is the server's or libpq's own: untrusted.
struct QueryFailure {
    std::string sqlstate;
    std::string text;
};

/// What the last statement of a query returned.
struct QueryResult {
    struct Column {
        std::string name;
        std::uint32_t type = 0;  ///< The OID in pg_type.
    };
    using Row = std::vector<std::optional<std::string>>;

    bool has_rows = false;  ///< Whether it is one that returns rows, be it none.
    std::vector<Column> columns;
    std::vector<Row> rows;
};

/// Either a result or why there is none.
struct QueryAnswer {
    std::optional<QueryFailure> failure;
    QueryResult result;
};

/// One connection to a PostgreSQL server. Blocking, for one thread. Each statement is its own
/// transaction; dates are sent in ISO form and texts in UTF-8. Messages that are no errors are
/// dropped.
class Connection {
public:
    /// Connects; libpq's `connect_timeout` bounds the time for each address. `failure` says why
    /// `is_open()` is false. Error `unsupported` when libpq is not installed.
    static Result<Connection> open(const Parameters& parameters);

    bool is_open() const noexcept { return handle_ != nullptr; }
    const QueryFailure& failure() const noexcept { return failure_; }

    /// Runs a text of one or more statements. Precondition: `is_open()`.
    QueryAnswer query(const std::string& statements);

private:
    struct Closer {
        const Libpq* libpq;
        void operator()(Libpq::Handle* handle) const { libpq->finish(handle); }
    };
    struct Clearer {
        const Libpq* libpq;
        void operator()(Libpq::Answer* answer) const { libpq->clear(answer); }
    };
    using Answer = std::unique_ptr<Libpq::Answer, Clearer>;

    explicit Connection(const Libpq* libpq) : libpq_(libpq), handle_(nullptr, {libpq}) {}
    bool prepare();
    Answer execute(const std::string& statements);
    QueryFailure failure_of(const Libpq::Answer* answer) const;
    QueryResult rows_of(const Libpq::Answer* answer) const;

    const Libpq* libpq_;
    std::unique_ptr<Libpq::Handle, Closer> handle_;
    QueryFailure failure_;
};

}  // namespace patroni::postgres
