#include "patctl/checkup_advice.hpp"

#include "patctl/render/words.hpp"

namespace patctl {
namespace {

using patroni::EndpointDiagnosis;
using patroni::Error;
using patroni::ErrorKind;
using patroni::Seeds;

std::string ports_of(const Seeds& seeds) {
    switch (seeds.kind) {
        case Seeds::Kind::consul:
            return "Consul's HTTP API has 8500 (8501 with TLS; 8300 to 8302 and 8600 are others)";
        case Seeds::Kind::zookeeper:
            return "ZooKeeper's clients use 2181 (2888 and 3888 are between its servers)";
        default:
            return "etcd's clients use 2379 (2380 is between its members; 8008 is Patroni, 5432 "
                   "PostgreSQL)";
    }
}

/// "in /etc/patroni.yml:3", when it is known.
std::string at(const std::string& place) {
    return place.empty() ? std::string() : " (" + render::safe(place) + ")";
}

std::string unauthorized_advice(const EndpointDiagnosis& diagnosis, const Seeds& seeds,
                                const std::string& place) {
    const Error& error = *diagnosis.error;
    if (seeds.kind == Seeds::Kind::consul) {
        return "the token needs key_prefix \"" + seeds.name_space +
               "/\" with policy read: put it "
               "as 'token' into the section" +
               at(place);
    }
    if (seeds.kind == Seeds::Kind::zookeeper) {
        return "the nodes have an ACL: put the login as 'auth_data' into the section" + at(place);
    }
    if (seeds.user.empty()) {
        return "put 'username' and 'password' into the section" + at(place) +
               ", or give --user NAME --password-file FILE";
    }
    if (error.http_status == 403) {
        return "let an administrator grant the role of this user the prefix: etcdctl role "
               "grant-permission ROLE read --prefix=true /" +
               seeds.name_space + "/";
    }
    return "check user and password" + at(place) + ": etcdctl --user NAME user get NAME";
}

std::string tcp_advice(const EndpointDiagnosis& diagnosis, const Seeds& seeds,
                       const std::string& place) {
    const auto& address = diagnosis.endpoint.address;
    if (diagnosis.error->kind == ErrorKind::connect_refused) {
        return "nothing listens there: is the store running, and is it this port? " +
               ports_of(seeds) + "; configured" + at(place);
    }
    return "a firewall may drop the packets, or the host is down: from here, nc -vz " +
           address.host + " " + std::to_string(address.port);
}

std::string answer_advice(const EndpointDiagnosis& diagnosis, const Seeds& seeds,
                          const std::string& place) {
    const Error& error = *diagnosis.error;
    switch (error.kind) {
        case ErrorKind::timeout:
            return "it takes connections and says nothing: it hangs, is overloaded, or something "
                   "between does not let answers through; or the port is of something else. " +
                   ports_of(seeds);
        case ErrorKind::unsupported:
            return seeds.kind == Seeds::Kind::etcd2
                       ? "use the v3 API: name the section etcd3 instead of etcd" + at(place) +
                             ", or --etcd3 instead of --etcd"
                       : "is it an etcd, and its JSON gateway on? " + ports_of(seeds);
        default:
            break;
    }
    if (error.delivery == patroni::Delivery::answered) {
        return "something else answers there. " + ports_of(seeds) + "; configured" + at(place);
    }
    if (!diagnosis.endpoint.tls) {
        return "does this port want https? Then 'protocol: https'" + at(place) +
               ", or https:// before the host. " + ports_of(seeds);
    }
    return "is it the right port? " + ports_of(seeds);
}

}  // namespace

std::string endpoint_advice(const EndpointDiagnosis& diagnosis, const Seeds& seeds,
                            const std::string& place, const std::string& tls_advice) {
    if (!diagnosis.error) {
        return {};
    }
    std::string failed;
    for (const auto& step : diagnosis.steps) {
        if (step.state == patroni::DiagnosisStep::State::failed) {
            failed = step.name;
        }
    }
    if (failed == "name") {
        return "is the name spelled right" + at(place) + "? From here: getent hosts " +
               diagnosis.endpoint.address.host;
    }
    if (failed == "tcp") {
        return tcp_advice(diagnosis, seeds, place);
    }
    if (failed == "tls") {
        return !tls_advice.empty() ? tls_advice
                                   : "'cacert' must hold the CA that signed the server's "
                                     "certificate, and the certificate must name this host; a "
                                     "server that asks for a certificate needs 'cert' and 'key'" +
                                         at(place);
    }
    if (failed == "answer") {
        return answer_advice(diagnosis, seeds, place);
    }
    if (diagnosis.error->kind == ErrorKind::unauthorized) {
        return unauthorized_advice(diagnosis, seeds, place);
    }
    return "has the store a leader? etcdctl endpoint status --cluster tells; more than half of its "
           "members must run and see each other";
}

std::string member_advice(const Error& error, const patroni::Origin& api) {
    const std::string address = api.address.text();
    switch (error.kind) {
        case ErrorKind::resolve:
            return "the name is known where Patroni runs and not here: set restapi.connect_address "
                   "of that member to an address that is reached from everywhere";
        case ErrorKind::connect_refused:
            return "no Patroni listens there: is it running (its key goes after ttl), does "
                   "restapi.listen cover this address, and is restapi.connect_address right?";
        case ErrorKind::unreachable:
        case ErrorKind::timeout:
            return "the address may be reached only from inside (container, cloud network), or a "
                   "firewall is between: from here, curl -m 3 " +
                   api.text() + "/patroni";
        case ErrorKind::tls:
            return "set ctl.cacert to the CA of restapi.certfile (ctl.certfile and ctl.keyfile, "
                   "where restapi.verify_client is on)";
        case ErrorKind::unauthorized:
            return "a proxy before it asks for a login; Patroni itself answers reads to everybody";
        default:
            return "is it a Patroni that answers at " + address + "?";
    }
}

}  // namespace patctl
