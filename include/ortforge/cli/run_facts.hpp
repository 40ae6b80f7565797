// What a run puts on record of the machine and of the programs it calls.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "ortforge/build/workshop.hpp"
#include "ortforge/hardware/host.hpp"

namespace ortforge {

// RunRecord::host of a machine.
std::map<std::string, std::string> host_facts(const HostInfo& host);

// Environment -> program -> version line, of the programs that the steps name, asked inside their
// environments, each once. Error: interrupted; a program that does not answer has that as its version.
Result<std::map<std::string, std::map<std::string, std::string>>> versions_of(
    const Plan& plan, const Workshop& workshop, const std::filesystem::path& home);

}  // namespace ortforge
