# The Python package: the wheel of the C++ package, installed.
{
  lib,
  stdenv,
  buildPythonPackage,
  onnxruntime,
  autoPatchelfHook,
  onednn,
  re2,
  openvino,
  coloredlogs,
  numpy,
  packaging,
}:
buildPythonPackage {
  inherit (onnxruntime) pname version;
  format = "wheel";
  src = onnxruntime.dist;
  nativeBuildInputs = [ autoPatchelfHook ];
  buildInputs = [
    onednn
    re2
    onnxruntime.protobuf
    onnxruntime
  ]
  ++ lib.optionals onnxruntime.passthru.cudaSupport (
    with onnxruntime.passthru.cudaPackages;
    [
      libcublas
      cudnn
      openvino
    ]
  )
  ++ lib.optional onnxruntime.passthru.ncclSupport onnxruntime.passthru.cudaPackages.nccl;
  propagatedBuildInputs = [
    coloredlogs
    numpy
    packaging
  ];
  pythonImportsCheck = lib.optional (!stdenv.hostPlatform.isAarch64) "onnxruntime";
  installPhase = ''
    mkdir -p $out/lib
    cp libonnxruntime.so cmake-flags $out/lib
  '';
  inherit (onnxruntime) meta;
}
