// The options --remote, --push and --share-host.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ortforge/base/result.hpp"
#include "ortforge/build/needed.hpp"
#include "ortforge/build/remote_store.hpp"
#include "ortforge/cli/command.hpp"
#include "ortforge/cli/session.hpp"

namespace ortforge {

struct RemoteSelection {
  std::string place;  // a folder or an address; empty: what Session::remote finds
  bool push = false;
  bool share_host = false;
};

// --remote and --share-host; --push too where a command builds.
void add_remote_options(OptionSet& options, RemoteSelection& selection, bool builds);

// The remote store of this call, or null when none is named. `offline`: an address is left alone, and refused
// when
// --remote names it. Steps of environments of kind "host" are shared with --share-host only. Errors:
// bad_input (place; --push without one).
Result<std::unique_ptr<RemoteStore>> open_remote(Session& session, const RemoteSelection& selection,
                                                 bool offline);

// For view_plan; empty when there is no remote store.
AskRemote ask(RemoteStore* remote);

}  // namespace ortforge
