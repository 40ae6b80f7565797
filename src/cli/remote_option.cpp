#include "ortforge/cli/remote_option.hpp"

#include <ostream>
#include <tuple>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

bool is_address(const std::string& place) {
  return place.find("://") != std::string::npos;
}

std::unique_ptr<RemoteFiles> remote_files(const std::string& place, const Session& session) {
  if (!is_address(place)) return remote_folder(place, session.surroundings().interrupt);
  DownloadOptions limits = remote_limits();
  limits.variables = session.surroundings().variables;
  limits.interrupt = session.surroundings().interrupt;
  return remote_address(place, std::move(limits));
}

}  // namespace

void add_remote_options(OptionSet& options, RemoteSelection& selection, bool builds) {
  options.option("--remote", selection.place,
                 "Take finished steps from a folder or an http address (ORTFORGE_REMOTE)", "DIR|URL");
  if (builds) options.flag("--push", selection.push, "Put finished steps there, too");
  options.flag("--share-host", selection.share_host,
               "Those of the environment 'host' as well: among machines made from one image");
}

Result<std::unique_ptr<RemoteStore>> open_remote(Session& session, const RemoteSelection& selection,
                                                 bool offline) {
  ORTFORGE_TRY(const std::string place, session.remote(selection.place));
  if (place.empty() && selection.push) {
    return fail_with_hint(ErrorKind::bad_input, "--push: no remote store is named",
                          "name one with --remote, ORTFORGE_REMOTE or \"remote\" in ortforge.json");
  }
  if (offline && is_address(place) && (!selection.place.empty() || selection.push))
    return fail(ErrorKind::bad_input, "--offline and the remote store {} exclude each other",
                public_url(place));
  if (place.empty() || (offline && is_address(place))) return std::unique_ptr<RemoteStore>();
  // A folder that cannot be made is told of by the first step that asks for it.
  if (selection.push && !is_address(place)) std::ignore = make_directories(place);
  ORTFORGE_TRY(const Matrix* matrix, session.matrix());
  RemoteStoreOptions options;
  options.push = selection.push;
  options.shared = [matrix, host = selection.share_host](const Step& step) {
    const auto spec = matrix->environments.find(step.environment);
    return host || (spec != matrix->environments.end() && spec->second.kind != "host");
  };
  options.note = [&err = session.err()](const std::string& text) { err << text << std::endl; };
  options.interrupt = session.surroundings().interrupt;
  return std::make_unique<RemoteStore>(remote_files(place, session), std::move(options));
}

AskRemote ask(RemoteStore* remote) {
  if (remote == nullptr) return {};
  return [remote](const Step& step) { return remote->holds(step); };
}

}  // namespace ortforge
