#include "ortforge/source/measure.hpp"

#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/source/origin.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

Result<Digest> measure_origin(const Source& source, const SourceOrigin& origin, const fs::path& scratch,
                              const SourceContext& context) {
  ORTFORGE_CHECK(remove_tree(scratch));
  ORTFORGE_CHECK(make_directories(scratch));
  ORTFORGE_TRY(const Obtained obtained, obtain(source, origin, scratch, context));
  fs::path tree = obtained.tree;
  if (!obtained.file.empty()) {
    tree = scratch / "unpacked";
    ORTFORGE_CHECK(unpack_archive(obtained.file, tree, UnpackOptions{true, context.interrupt}));
  }
  const Interrupt* interrupt = context.interrupt;
  return nar_digest(tree, {}, [interrupt] { return interrupt != nullptr && interrupt->requested(); });
}

// Removes the folder it is told, however measuring ends.
class Scratch {
 public:
  explicit Scratch(fs::path folder) : folder_(std::move(folder)) {}
  ~Scratch() { static_cast<void>(remove_tree(folder_)); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

}  // namespace

Result<Digest> measure_source(const Source& source, const SourceContext& context) {
  const Scratch scratch(context.home / fmt::format("lock-{}", ::getpid()));
  std::vector<std::string> reasons;
  ErrorKind kind = ErrorKind::missing;
  for (const SourceOrigin& origin : source.origins) {
    Result<Digest> digest = measure_origin(source, origin, scratch.folder(), context);
    if (digest || digest.error().kind == ErrorKind::interrupted) return digest;
    if (digest.error().kind == ErrorKind::bad_input) kind = ErrorKind::bad_input;
    reasons.push_back(describe(origin) + ": " + digest.error().message);
  }
  if (reasons.empty()) reasons.emplace_back("it has no origin");
  return fail(kind, "{}", join(reasons, "\n  "));
}

}  // namespace ortforge
