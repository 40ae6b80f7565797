# Makes src/ from sources/ for PyTorch 2.6.0: copies, patches, substitutions, preset stubs.
# Run in the work root, the folder that holds recipe/ and sources/:  cmake -P recipe/prepare.cmake
cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/edit.cmake")

ortforge_copy("debian" "")
ortforge_copy("pytorch" "")
ortforge_patch("pytorch" "debian" "patches/0001-143299.patch")
ortforge_patch("pytorch" "debian" "patches/1020-dirtyhack.patch")
ortforge_patch("pytorch" "debian" "patches/1030-use-system-dnnl.patch")
ortforge_patch("pytorch" "debian" "patches/1040-cmake-strip-3rdparty.patch")
ortforge_patch("pytorch" "debian" "patches/1050-use-system-httplib.patch")
ortforge_patch("pytorch" "debian" "patches/1060-remove-pkg-resources.patch")
ortforge_patch("pytorch" "debian" "patches/2050-pytorch_glog_update.patch")
ortforge_patch("pytorch" "debian" "patches/2060-fix-wrong-shebang.patch")
ortforge_patch("pytorch" "debian" "patches/2080-fix-aten-config-cmake-path.patch")
ortforge_patch("pytorch" "debian" "patches/2100-remove-opentelemetry.patch")
ortforge_patch("pytorch" "debian" "patches/2101-fix-ftbfs-ld-sleef.patch")
ortforge_patch("pytorch" "debian" "patches/2200-remove-astunparse-dep.patch")
ortforge_patch("pytorch" "debian" "patches/2210-disable-fno-math-errno-on-arm64-to-workaround-gcc14-bug.patch")
ortforge_patch("pytorch" "debian" "patches/2220-disable-sve-on-arm64.patch")
ortforge_patch("pytorch" "debian" "patches/2300-torch-cuda-no-use-nvtx3.patch")
ortforge_patch("pytorch" "debian" "patches/2310-disable-non-portable-flags.patch")

# Debian's libraries lie where the linker looks; those of a wheel find each other beside themselves
ortforge_replace(0 "pytorch" "cmake/Dependencies.cmake" "set(CMAKE_INSTALL_RPATH \"\")" "set(CMAKE_INSTALL_RPATH \"\${_rpath_portable_origin}\")")

# Debian 13 has SymPy 1.13.3, which upstream takes from 2.7 on
ortforge_replace(1 "pytorch" "setup.py" "sympy==1.13.1 ;" "sympy>=1.13.1 ;")

