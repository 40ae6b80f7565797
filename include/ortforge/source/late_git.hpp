// libgit2, opened by the first use of a git repository.
#pragma once

#include <git2.h>

#include "ortforge/base/late_library.hpp"

namespace ortforge {

inline constinit const LateLibrary libgit2{ORTFORGE_LIBGIT2_SONAME};

ORTFORGE_LATE_FUNCTION(libgit2, git_blob_create_from_buffer);
ORTFORGE_LATE_FUNCTION(libgit2, git_branch_is_checked_out);
ORTFORGE_LATE_FUNCTION(libgit2, git_branch_lookup);
ORTFORGE_LATE_FUNCTION(libgit2, git_branch_name_is_valid);
ORTFORGE_LATE_FUNCTION(libgit2, git_buf_dispose);
ORTFORGE_LATE_FUNCTION(libgit2, git_checkout_options_init);
ORTFORGE_LATE_FUNCTION(libgit2, git_checkout_tree);
ORTFORGE_LATE_FUNCTION(libgit2, git_commit_create);
ORTFORGE_LATE_FUNCTION(libgit2, git_commit_free);
ORTFORGE_LATE_FUNCTION(libgit2, git_commit_id);
ORTFORGE_LATE_FUNCTION(libgit2, git_commit_lookup);
ORTFORGE_LATE_FUNCTION(libgit2, git_commit_tree_id);
ORTFORGE_LATE_FUNCTION(libgit2, git_config_free);
ORTFORGE_LATE_FUNCTION(libgit2, git_config_set_string);
ORTFORGE_LATE_FUNCTION(libgit2, git_error_last);
ORTFORGE_LATE_FUNCTION(libgit2, git_fetch_options_init);
ORTFORGE_LATE_FUNCTION(libgit2, git_index_add);
ORTFORGE_LATE_FUNCTION(libgit2, git_index_free);
ORTFORGE_LATE_FUNCTION(libgit2, git_index_new);
ORTFORGE_LATE_FUNCTION(libgit2, git_index_read_tree);
ORTFORGE_LATE_FUNCTION(libgit2, git_index_write);
ORTFORGE_LATE_FUNCTION(libgit2, git_index_write_tree_to);
ORTFORGE_LATE_FUNCTION(libgit2, git_libgit2_init);
ORTFORGE_LATE_FUNCTION(libgit2, git_libgit2_opts);
ORTFORGE_LATE_FUNCTION(libgit2, git_libgit2_shutdown);
ORTFORGE_LATE_FUNCTION(libgit2, git_object_free);
ORTFORGE_LATE_FUNCTION(libgit2, git_object_id);
ORTFORGE_LATE_FUNCTION(libgit2, git_object_lookup);
ORTFORGE_LATE_FUNCTION(libgit2, git_object_peel);
ORTFORGE_LATE_FUNCTION(libgit2, git_oid_equal);
ORTFORGE_LATE_FUNCTION(libgit2, git_oid_fromstr);
ORTFORGE_LATE_FUNCTION(libgit2, git_oid_tostr);
ORTFORGE_LATE_FUNCTION(libgit2, git_reference_free);
ORTFORGE_LATE_FUNCTION(libgit2, git_reference_lookup);
ORTFORGE_LATE_FUNCTION(libgit2, git_reference_name_to_id);
ORTFORGE_LATE_FUNCTION(libgit2, git_reference_symbolic_target);
ORTFORGE_LATE_FUNCTION(libgit2, git_remote_connect);
ORTFORGE_LATE_FUNCTION(libgit2, git_remote_create);
ORTFORGE_LATE_FUNCTION(libgit2, git_remote_download);
ORTFORGE_LATE_FUNCTION(libgit2, git_remote_free);
ORTFORGE_LATE_FUNCTION(libgit2, git_remote_init_callbacks);
ORTFORGE_LATE_FUNCTION(libgit2, git_remote_ls);
ORTFORGE_LATE_FUNCTION(libgit2, git_repository_config);
ORTFORGE_LATE_FUNCTION(libgit2, git_repository_discover);
ORTFORGE_LATE_FUNCTION(libgit2, git_repository_free);
ORTFORGE_LATE_FUNCTION(libgit2, git_repository_index);
ORTFORGE_LATE_FUNCTION(libgit2, git_repository_init);
ORTFORGE_LATE_FUNCTION(libgit2, git_repository_is_bare);
ORTFORGE_LATE_FUNCTION(libgit2, git_repository_open_ext);
ORTFORGE_LATE_FUNCTION(libgit2, git_repository_set_head_detached);
ORTFORGE_LATE_FUNCTION(libgit2, git_repository_workdir);
ORTFORGE_LATE_FUNCTION(libgit2, git_signature_default);
ORTFORGE_LATE_FUNCTION(libgit2, git_signature_free);
ORTFORGE_LATE_FUNCTION(libgit2, git_status_list_entrycount);
ORTFORGE_LATE_FUNCTION(libgit2, git_status_list_free);
ORTFORGE_LATE_FUNCTION(libgit2, git_status_list_new);
ORTFORGE_LATE_FUNCTION(libgit2, git_status_options_init);
ORTFORGE_LATE_FUNCTION(libgit2, git_status_should_ignore);
ORTFORGE_LATE_FUNCTION(libgit2, git_submodule_foreach);
ORTFORGE_LATE_FUNCTION(libgit2, git_submodule_head_id);
ORTFORGE_LATE_FUNCTION(libgit2, git_submodule_path);
ORTFORGE_LATE_FUNCTION(libgit2, git_submodule_url);
ORTFORGE_LATE_FUNCTION(libgit2, git_tree_free);
ORTFORGE_LATE_FUNCTION(libgit2, git_tree_lookup);

}  // namespace ortforge
