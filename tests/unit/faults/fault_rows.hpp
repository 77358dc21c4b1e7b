#pragma once

#include "unit/faults/fault_cell.hpp"

#include <patroni/simulator.hpp>

#include <ostream>
#include <vector>

namespace patroni::testing {

/// One fault of an HTTP server, and how a question that meets it must end.
struct FaultRow {
    const char* name;
    Fault fault;
    Expected rest;   ///< From Patroni, whose answers end where the connection ends.
    Expected store;  ///< From etcd and Consul, which say how long their answers are.
};
void PrintTo(const FaultRow& row, std::ostream* out);

/// Every fault that the simulator has.
const std::vector<FaultRow>& fault_rows();

}  // namespace patroni::testing
