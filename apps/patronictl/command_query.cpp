#include "base/text.hpp"
#include "codec/postgres_value.hpp"
#include "config/config_file.hpp"
#include "patronictl/commands.hpp"
#include "patronictl/failure.hpp"
#include "patronictl/members.hpp"
#include "patronictl/output.hpp"
#include "patronictl/prompts.hpp"
#include "patronictl/python_text.hpp"
#include "patronictl/session.hpp"
#include "patronictl/watch.hpp"
#include "postgres/connection.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace patronictl {
namespace {

using patroni::postgres::Connection;
using patroni::postgres::Parameters;
using patroni::postgres::QueryAnswer;
using patroni::postgres::QueryFailure;
using patroni::postgres::QueryResult;

/// What one query is about.
struct Query {
    std::optional<int> group;
    std::optional<RoleFilter> role;
    std::optional<std::string> member;
    std::string sql;
    Parameters login;  ///< What was typed: user, password, dbname.
    std::string format;
    std::string delimiter;
};

std::string sql_of(const Streams& streams, const Parsed& parsed) {
    const auto command = parsed.text("command");
    auto file = parsed.text("p_file");
    if (file && command) {
        throw Fail("--file and --command are mutually exclusive options");
    }
    if (!file && !command) {
        throw Fail("You need to specify either --command or --file");
    }
    if (command) {
        return *command;
    }
    if (*file == "-") {
        return streams.read_all();
    }
    auto text = patroni::config::read_config_file(*file);
    if (!text) {
        throw Fail(to_line(text.error()));
    }
    return std::move(*text);
}

Query query_of(const Session& session, const Parsed& parsed) {
    Query query;
    query.sql = sql_of(session.streams(), parsed);
    query.group = Session::group(parsed);
    if (const auto word = parsed.text("role")) {
        query.role = role_filter(*word);
    }
    query.member = parsed.text("member");
    query.format = parsed.text("format").value_or("tsv");
    query.delimiter = parsed.text("delimiter").value_or("\t");
    if (auto user = parsed.text("username"); user && !user->empty()) {
        query.login.emplace_back("user", std::move(*user));
    }
    if (parsed.flag("password")) {
        query.login.emplace_back("password", prompt_hidden(session.streams(), "Password"));
    }
    // The database of the member's conn_url is not used.
    if (auto database = parsed.text("dbname"); database && !database->empty()) {
        query.login.emplace_back("dbname", std::move(*database));
    }
    return query;
}

Parameters connection_parameters(const DcsMember& member, const Parameters& login) {
    const auto data = connection_data(member);
    if (!data) {
        throw Fail("The key of member " + member.name + " does not say where PostgreSQL listens");
    }
    Parameters parameters;
    if (data->host) {
        parameters.emplace_back("host", *data->host);
    }
    if (data->port) {
        parameters.emplace_back("port", *data->port);
    }
    parameters.insert(parameters.end(), login.begin(), login.end());
    parameters.emplace_back("fallback_application_name", "Patroni ctl");
    parameters.emplace_back("connect_timeout", "5");
    return parameters;
}

/// Whether the server has to be in recovery for the role; nullopt: it is not asked.
std::optional<bool> wanted_recovery(const std::optional<RoleFilter>& role) {
    if (!role || *role == RoleFilter::any || *role == RoleFilter::leader) {
        return std::nullopt;
    }
    return *role != RoleFilter::primary;
}

std::string unavailable_text(const Query& query) {
    if (query.member) {
        return "No connection to member " + *query.member + " is available";
    }
    if (query.role) {
        return "No connection to role " + python_repr(to_string(*query.role)) + " is available";
    }
    return "No connection is available";
}

/// On one line; tabs stay as libpq writes them.
std::string failure_text(const QueryFailure& failure) {
    if (!failure.sqlstate.empty()) {
        return failure.sqlstate;
    }
    std::string text = failure.text;
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::string out;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('\t', begin), text.size());
        out += patroni::escape_untrusted(std::string_view(text).substr(begin, end - begin));
        out += end == text.size() ? "" : "\t";
        begin = end + 1;
    }
    return out;
}

/// A value that psycopg2 could not read: it says so as if the server had.
class Unreadable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

std::vector<Cell> cells_of(const QueryResult& result, const QueryResult::Row& row) {
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (!row[i]) {
            cells.emplace_back();
            continue;
        }
        auto value = patroni::codec::postgres_value(result.columns[i].type, *row[i]);
        if (!value && value.error().kind == patroni::ErrorKind::unsupported) {
            throw Unreadable(value.error().message);
        }
        if (!value) {
            throw Fail("Column " + patroni::escape_untrusted(result.columns[i].name) + " has " +
                       value.error().message);
        }
        cells.push_back(std::move(*value));
    }
    return cells;
}

/// The rows of an answer, or the one row that says why there are none.
class Answer {
public:
    Answer(const Session& session, const Query& query) : session_(session) {
        output_.format = query.format;
        output_.delimiter = query.delimiter;
    }

    Output remark(std::string text) && {
        output_.rows.push_back({Cell(session_.timestamp(0)), Cell(std::move(text))});
        return std::move(output_);
    }
    Output failure(const QueryFailure& failure) && {
        return std::move(*this).remark("ERROR, SQLSTATE: " + failure_text(failure));
    }
    Output result(const QueryResult& result) && {
        if (!result.has_rows) {
            return std::move(*this).failure({{}, "no results to fetch"});
        }
        std::vector<std::vector<Cell>> rows;
        try {
            for (const QueryResult::Row& row : result.rows) {
                rows.push_back(cells_of(result, row));
            }
        } catch (const Unreadable& unreadable) {
            return std::move(*this).failure({{}, unreadable.what()});
        }
        for (const QueryResult::Column& column : result.columns) {
            output_.columns.push_back({column.name});
        }
        output_.rows = std::move(rows);
        return std::move(output_);
    }

private:
    const Session& session_;
    Output output_;
};

Output ask(const Session& session, const DcsCluster& cluster, const Query& query) {
    Answer answer(session, query);
    const DcsMember* member = any_member(session, cluster, query.group, query.role, query.member);
    if (member == nullptr) {
        return std::move(answer).remark(unavailable_text(query));
    }
    auto connection = Connection::open(connection_parameters(*member, query.login));
    if (!connection) {
        throw Fail(connection.error().message);
    }
    if (!connection->is_open()) {
        return std::move(answer).failure(connection->failure());
    }
    if (const auto wanted = wanted_recovery(query.role)) {
        const QueryAnswer state = connection->query("SELECT pg_catalog.pg_is_in_recovery()");
        if (state.failure) {
            return std::move(answer).failure(*state.failure);
        }
        const auto& rows = state.result.rows;
        const bool in_recovery = rows.empty() || rows[0].empty() || rows[0][0] == "t";
        if (in_recovery != *wanted) {
            return std::move(answer).remark(unavailable_text(query));
        }
    }
    const QueryAnswer reply = connection->query(query.sql);
    return reply.failure ? std::move(answer).failure(*reply.failure)
                         : std::move(answer).result(reply.result);
}

int run_query(Session& session, const Parsed& parsed) {
    const Query query = query_of(session, parsed);
    const DcsCluster cluster = session.read_cluster(session.scope(parsed), query.group);
    Watch watch(session.streams(), watch_seconds(parsed), Watch::Screen::kept);
    do {
        print_output(session, ask(session, cluster, query));
    } while (watch.again());
    return 0;
}

constexpr std::array k_options{
    shared::group,
    OptionSpec{"format", "--format", OptionKind::text,
               "How to print: pretty, tsv, json, yaml or yml"},
    OptionSpec{"p_file", "--file,-f", OptionKind::file,
               "Run the SQL of a file; - is standard input"},
    OptionSpec{"password", "--password", OptionKind::flag, "Ask for the password"},
    OptionSpec{"username", "--username,-U", OptionKind::text, "User of the database"},
    shared::watch_2s,
    shared::watch,
    OptionSpec{"role", "--role,-r", OptionKind::choice, "The first member with this role", k_roles},
    OptionSpec{"member", "--member,-m", OptionKind::text, "The member of this name"},
    OptionSpec{"delimiter", "--delimiter", OptionKind::text, "What separates the columns of tsv"},
    OptionSpec{"command", "--command,-c", OptionKind::text, "Run this SQL"},
    OptionSpec{"dbname", "--dbname,-d", OptionKind::text, "Name of the database"},
};
constexpr std::array k_arguments{shared::optional_cluster};

}  // namespace

const CommandSpec k_query{"query", "Run SQL on a member, on the leader by default", k_arguments,
                          k_options, &run_query};

}  // namespace patronictl
