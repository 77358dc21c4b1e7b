#include "postgres/libpq.hpp"

#include <dlfcn.h>
#include <string>

namespace patroni::postgres {
namespace {

/// Finds functions until one is missing.
class Lookup {
public:
    explicit Lookup(void* library) : library_(library) {}

    template <class Function>
    void find(Function& function, const char* name) {
        void* symbol = dlsym(library_, name);
        if (symbol == nullptr && missing_.empty()) {
            missing_ = name;
        }
        function = reinterpret_cast<Function>(symbol);
    }
    const std::string& missing() const { return missing_; }

private:
    void* library_;
    std::string missing_;
};

Error unavailable(std::string message) {
    Error error;
    error.kind = ErrorKind::unsupported;
    error.message = std::move(message);
    return error;
}

std::string find_all(void* library, Libpq& libpq) {
    Lookup lookup(library);
    lookup.find(libpq.connect, "PQconnectdbParams");
    lookup.find(libpq.status, "PQstatus");
    lookup.find(libpq.error_message, "PQerrorMessage");
    lookup.find(libpq.parameter_status, "PQparameterStatus");
    lookup.find(libpq.set_client_encoding, "PQsetClientEncoding");
    lookup.find(libpq.set_notice_processor, "PQsetNoticeProcessor");
    lookup.find(libpq.finish, "PQfinish");
    lookup.find(libpq.execute, "PQexec");
    lookup.find(libpq.result_status, "PQresultStatus");
    lookup.find(libpq.result_error_message, "PQresultErrorMessage");
    lookup.find(libpq.result_error_field, "PQresultErrorField");
    lookup.find(libpq.rows, "PQntuples");
    lookup.find(libpq.fields, "PQnfields");
    lookup.find(libpq.field_name, "PQfname");
    lookup.find(libpq.field_type, "PQftype");
    lookup.find(libpq.value, "PQgetvalue");
    lookup.find(libpq.length, "PQgetlength");
    lookup.find(libpq.is_null, "PQgetisnull");
    lookup.find(libpq.clear, "PQclear");
    return lookup.missing();
}

Result<const Libpq*> load() {
    static Libpq libpq{};
    void* library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        return unavailable(
            "PostgreSQL's client library libpq.so.5 is not installed: on Debian and Ubuntu "
            "apt-get install libpq5, on Fedora and RHEL dnf install libpq");
    }
    if (const std::string missing = find_all(library, libpq); !missing.empty()) {
        return unavailable("libpq.so.5 of this system has no function " + missing);
    }
    return &libpq;
}

}  // namespace

Result<const Libpq*> load_libpq() {
    static const Result<const Libpq*> loaded = load();
    return loaded;
}

}  // namespace patroni::postgres
