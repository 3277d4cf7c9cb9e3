// The ports that nobody wrote down: an address of deploy.toml that ends with ":0" gets a free port
// when the launcher starts.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "adapters/http/held_port.h"
#include "fusion/model/result.h"

namespace dispecer::process {

// Chooses and holds a port for each such address and writes them to ports.toml beside deploy.toml,
// where Deployment finds them. The port of the last start is taken again unless somebody else has
// it by now. `say` tells of each port that moved, one line each. The ports are held as long as the
// result lives: keep it until the children have ended. Causes: those of Deployment::load,
// bad_address, address_in_use (no port is free), ports_file (cannot be written).
Result<std::vector<http::HeldPort>> hold_ports(const std::string& state_dir,
                                               const std::function<void(const std::string&)>& say);

}  // namespace dispecer::process
