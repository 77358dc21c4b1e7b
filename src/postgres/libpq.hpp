#pragma once

#include <patroni/result.hpp>

namespace patroni::postgres {

/// The few functions of PostgreSQL's client library that are used here, looked up at run time:
/// nothing else of the program needs the library, and most hosts of a monitor do not have it.
struct Libpq {
    struct Handle;  ///< libpq's PGconn.
    struct Answer;  ///< libpq's PGresult.

    Handle* (*connect)(const char* const* keywords, const char* const* values, int expand_dbname);
    int (*status)(const Handle* connection);
    char* (*error_message)(const Handle* connection);
    const char* (*parameter_status)(const Handle* connection, const char* name);
    int (*set_client_encoding)(Handle* connection, const char* encoding);
    void (*(*set_notice_processor)(Handle* connection, void (*processor)(void*, const char*),
                                   void* argument))(void*, const char*);
    void (*finish)(Handle* connection);

    Answer* (*execute)(Handle* connection, const char* command);
    int (*result_status)(const Answer* result);
    char* (*result_error_message)(const Answer* result);
    char* (*result_error_field)(const Answer* result, int field);
    int (*rows)(const Answer* result);
    int (*fields)(const Answer* result);
    char* (*field_name)(const Answer* result, int field);
    unsigned (*field_type)(const Answer* result, int field);
    char* (*value)(const Answer* result, int row, int field);
    int (*length)(const Answer* result, int row, int field);
    int (*is_null)(const Answer* result, int row, int field);
    void (*clear)(Answer* result);
};

/// Loads the library at the first call; it stays loaded. Error `unsupported` that says which
/// package has it. Thread-safe.
Result<const Libpq*> load_libpq();

}  // namespace patroni::postgres
