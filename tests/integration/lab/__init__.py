"""Real etcd, PostgreSQL and Patroni servers on the loopback address, for tests and benchmarks.

    parts         where the programs are, and why one is missing
    workspace     the temporary folder that the servers write to
    ports         free TCP ports
    waiting       wait until something holds, with a limit
    processes     start, watch and surely end processes
    http_client   one HTTP request
    raw_http      HTTP as it is on the wire, streams
    etcd          an etcd server: v2 and v3 API, users
    simulated_etcd  the simulator's etcd as a process
    registrator   the keys that gliderlabs/registrator would write
    programs      PostgreSQL's programs behind wrappers
    member        one Patroni with its PostgreSQL
    cluster       some members of one scope
    certificates  a CA with server and client certificates
    tour          a cluster on which every call of the library is made
    effects       what these calls must have done
    recorder      writes down what passes between a client and a member
    patctl        run patctl, look at what it said
"""
