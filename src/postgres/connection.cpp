#include "postgres/connection.hpp"

#include <string_view>

namespace patroni::postgres {
namespace {

// Words of libpq-fe.h and postgres_ext.h, which never change.
constexpr int connection_ok = 0;
enum ResultStatus {
    empty_query = 0,
    command_ok = 1,
    tuples_ok = 2,
    copy_out = 3,
    copy_in = 4,
};
constexpr int field_sqlstate = 'C';

std::string text_of(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

void drop_notice(void*, const char*) {}

}  // namespace

Result<Connection> Connection::open(const Parameters& parameters) {
    const auto libpq = load_libpq();
    if (!libpq) {
        return libpq.error();
    }
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (const auto& [keyword, value] : parameters) {
        keywords.push_back(keyword.c_str());
        values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    Connection connection(*libpq);
    connection.handle_.reset((*libpq)->connect(keywords.data(), values.data(), 0));
    if (!connection.prepare()) {
        connection.handle_.reset();
    }
    return connection;
}

/// Looks at a new connection and sets what the values of results depend on.
bool Connection::prepare() {
    if (!handle_) {
        failure_ = {{}, "out of memory"};
        return false;
    }
    if (libpq_->status(handle_.get()) != connection_ok) {
        failure_ = {{}, text_of(libpq_->error_message(handle_.get()))};
        return false;
    }
    libpq_->set_notice_processor(handle_.get(), &drop_notice, nullptr);
    const std::string style = text_of(libpq_->parameter_status(handle_.get(), "DateStyle"));
    if (!style.starts_with("ISO")) {
        execute("SET DATESTYLE TO 'ISO'");
    }
    const std::string encoding =
        text_of(libpq_->parameter_status(handle_.get(), "client_encoding"));
    if (encoding != "UTF8" && encoding != "SQL_ASCII") {
        libpq_->set_client_encoding(handle_.get(), "UTF8");
    }
    return true;
}

Connection::Answer Connection::execute(const std::string& statements) {
    return {libpq_->execute(handle_.get(), statements.c_str()), Clearer{libpq_}};
}

QueryFailure Connection::failure_of(const Libpq::Answer* answer) const {
    const char* text = answer == nullptr ? nullptr : libpq_->result_error_message(answer);
    QueryFailure failure;
    failure.text = text_of(text);
    if (failure.text.empty()) {
        failure.text = text_of(libpq_->error_message(handle_.get()));
    }
    if (answer != nullptr) {
        failure.sqlstate = text_of(libpq_->result_error_field(answer, field_sqlstate));
    }
    return failure;
}

QueryResult Connection::rows_of(const Libpq::Answer* answer) const {
    QueryResult result;
    result.has_rows = true;
    const int fields = libpq_->fields(answer);
    for (int field = 0; field < fields; ++field) {
        result.columns.push_back(
            {text_of(libpq_->field_name(answer, field)), libpq_->field_type(answer, field)});
    }
    const int rows = libpq_->rows(answer);
    for (int row = 0; row < rows; ++row) {
        QueryResult::Row& values = result.rows.emplace_back();
        for (int field = 0; field < fields; ++field) {
            if (libpq_->is_null(answer, row, field) != 0) {
                values.emplace_back();
                continue;
            }
            const auto length = static_cast<std::size_t>(libpq_->length(answer, row, field));
            values.emplace_back(std::string(libpq_->value(answer, row, field), length));
        }
    }
    return result;
}

QueryAnswer Connection::query(const std::string& statements) {
    const Answer answer = execute(statements);
    QueryAnswer out;
    const int status = answer ? libpq_->result_status(answer.get()) : -1;
    switch (status) {
        case tuples_ok:
            out.result = rows_of(answer.get());
            break;
        case command_ok:
            break;
        case empty_query:
            out.failure = {{}, "can't execute an empty query"};
            break;
        case copy_out:
            out.failure = {{}, "can't execute COPY TO: use the copy_to() method instead"};
            break;
        case copy_in:
            out.failure = {{}, "can't execute COPY FROM: use the copy_from() method instead"};
            break;
        default:
            out.failure = failure_of(answer.get());
    }
    return out;
}

}  // namespace patroni::postgres
