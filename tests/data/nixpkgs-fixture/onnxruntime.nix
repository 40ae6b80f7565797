# The C++ package, as nixpkgs has it with version 1.23.2.
{
  lib,
  config,
  stdenv,
  fetchFromGitHub,
  fetchpatch,
  abseil-cpp_202407,
  cmake,
  cpuinfo,
  eigen,
  flatbuffers_23,
  glibcLocales,
  gtest,
  howard-hinnant-date,
  libpng,
  nlohmann_json,
  pkg-config,
  python3Packages,
  removeReferencesTo,
  re2,
  zlib,
  protobuf,
  microsoft-gsl,
  darwinMinVersionHook,
  pythonSupport ? true,
  cudaSupport ? config.cudaSupport or false,
  ncclSupport ? cudaSupport && cudaPackages.nccl.meta.available,
  rocmSupport ? config.rocmSupport or false,
  withFullProtobuf ? false,
  cudaPackages ? { },
  rocmPackages,
}:
let
  github =
    owner: repo: tag: hash:
    fetchFromGitHub {
      inherit
        owner
        repo
        tag
        hash
        ;
    };
  onnx = github "onnx" "onnx" "v1.18.0" "sha256-UhtF+CWuyv5/Pq/5agLL4Y95YNP63W2BraprhRqJOag=";
  cutlass = github "NVIDIA" "cutlass" "v3.9.2" "sha256-teziPNA9csYvhkG5t2ht8W8x5+1YGGbHm8VKx4JoxgI=";
  commit =
    id: hash:
    fetchpatch {
      url = "https://github.com/microsoft/onnxruntime/commit/${id}.patch";
      inherit hash;
    };
in
stdenv.mkDerivation (self: {
  pname = "onnxruntime";
  version = "1.23.2";
  src = fetchFromGitHub {
    owner = "microsoft";
    repo = "onnxruntime";
    tag = "v${self.version}";
    fetchSubmodules = true;
    hash = "sha256-hZ2L5+0Enkw4rGDKVpRECnKXP87w6Kbiyp6Fdxwt6hk=";
  };
  patches = [
    (commit "d6e712c5b7b6260a61e54d1fe40107cf5366ee77" "sha256-FSuPybX8f2VoxvLhcYx4rdChaiK8bSUDR32sN3Efwfc=")
    (commit "8ebd0bf1cf02414584d15d7244b07fa97d65ba02" "sha256-vX+kaFiNdmqWI91JELcLpoaVIHBb5EPbI7rCAMYAx04=")
    (builtins.toFile "musl-execinfo.patch" "")
    (builtins.toFile "musl-cstdint.patch" "")
    (builtins.toFile "remove-MATH_NO_EXCEPT-macro.patch" "")
  ];
  postPatch = "# of the package definition\n";
  outputs = [
    "out"
    "dev"
  ]
  ++ lib.optional pythonSupport "dist";
  nativeBuildInputs = [
    cmake
    pkg-config
    python3Packages.python
    protobuf
  ]
  ++ lib.optionals cudaSupport [
    cudaPackages.cuda_nvcc
    removeReferencesTo
  ];
  buildInputs = [
    cpuinfo
    eigen
    glibcLocales
    howard-hinnant-date
    libpng
    nlohmann_json
    microsoft-gsl
    zlib
  ]
  ++ lib.optionals cudaSupport (
    with cudaPackages;
    [
      cuda_cccl
      cuda_cudart
      cudnn
      cudnn-frontend
      libcublas
      libcufft
      libcurand
      libcusparse
    ]
  )
  ++ lib.optional ncclSupport cudaPackages.nccl;
  nativeCheckInputs = [ gtest ];
  cmakeFlags = [
    (lib.cmakeBool "ABSL_ENABLE_INSTALL" true)
    (lib.cmakeBool "FETCHCONTENT_FULLY_DISCONNECTED" true)
    (lib.cmakeFeature "FETCHCONTENT_SOURCE_DIR_ABSEIL_CPP" "${abseil-cpp_202407.src}")
    (lib.cmakeFeature "FETCHCONTENT_SOURCE_DIR_FLATBUFFERS" "${flatbuffers_23.src}")
    (lib.cmakeFeature "FETCHCONTENT_SOURCE_DIR_ONNX" "${onnx}")
    (lib.cmakeFeature "FETCHCONTENT_SOURCE_DIR_RE2" "${re2.src}")
    (lib.cmakeFeature "FETCHCONTENT_TRY_FIND_PACKAGE_MODE" "ALWAYS")
    (lib.cmakeBool "onnxruntime_BUILD_SHARED_LIB" true)
    (lib.cmakeBool "onnxruntime_BUILD_UNIT_TESTS" self.doCheck)
    (lib.cmakeBool "onnxruntime_USE_FULL_PROTOBUF" withFullProtobuf)
    (lib.cmakeBool "onnxruntime_USE_CUDA" cudaSupport)
    (lib.cmakeBool "onnxruntime_USE_NCCL" (cudaSupport && ncclSupport))
    (lib.cmakeBool "onnxruntime_ENABLE_LTO" (!cudaSupport || cudaPackages.cudaOlder "12.8"))
  ]
  ++ lib.optional pythonSupport (lib.cmakeBool "onnxruntime_ENABLE_PYTHON" true)
  ++ lib.optionals cudaSupport [
    "--compile-no-warning-as-error"
    (lib.cmakeFeature "FETCHCONTENT_SOURCE_DIR_CUTLASS" "${cutlass}")
    (lib.cmakeFeature "onnxruntime_CUDNN_HOME" "${cudaPackages.cudnn}")
    (lib.cmakeFeature "CMAKE_CUDA_ARCHITECTURES" cudaPackages.flags.cmakeCudaArchitecturesString)
    (lib.cmakeFeature "onnxruntime_NVCC_THREADS" "1")
  ];
  buildPhase = ''
    c++ $CXXFLAGS -frecord-gcc-switches -fPIC -shared -o libonnxruntime.so source.cpp
  '';
  installPhase = ''
    mkdir -p $out/lib $dev $dist
    cp libonnxruntime.so $out/lib
    cp libonnxruntime.so $dist
    echo "$cmakeFlags" > $dist/cmake-flags
  '';
  env.NIX_LDFLAGS = "-z,noexecstack";
  doCheck = !(cudaSupport || rocmSupport || stdenv.buildPlatform.system == "aarch64-linux");
  requiredSystemFeatures = lib.optional cudaSupport "big-parallel";
  passthru = {
    inherit
      cudaSupport
      cudaPackages
      ncclSupport
      protobuf
      ;
  };
  meta = {
    description = "Cross-platform, high performance scoring engine for ML models";
    changelog = "https://github.com/microsoft/onnxruntime/releases/tag/${self.src.tag}";
    platforms = lib.platforms.unix;
    license = lib.licenses.mit;
    broken = withFullProtobuf;
  };
})
