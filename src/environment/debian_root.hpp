// Makes Debian root file systems with mmdebstrap.
#pragma once

#include <filesystem>

#include "debian_manifest.hpp"

#include "ortforge/environment/environment.hpp"

namespace ortforge {

// Makes a root for `spec` in `folder` (home/environments): prepared in a folder ".tmp-<name>-<process>",
// entered by one rename to <name>-<first 12 digits of the digest>/{root,manifest.json}. The caller holds the
// lock of the name, so other ".tmp-<name>-" folders belong to nobody and are removed first; it has found no
// root for the request, so one of the same digest is damaged and gives way to the new one. Whatever goes
// wrong, nothing new stays. As root by mmdebstrap --mode=root; else by --mode=unshare and unpacked with the
// user's own rights. Errors: missing (program, user namespaces, network, space), bad_input (unknown package,
// program or Python that the packages do not bring), interrupted.
Result<FoundRoot> make_debian_root(const EnvironmentSpec& spec, const std::filesystem::path& folder,
                                   const EnvironmentContext& context);

}  // namespace ortforge
