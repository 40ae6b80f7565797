// Says what it was compiled for.
extern "C" const char* onnxruntime_compiled_for() {
#if defined(__AVX512F__)
  return "compiled for AVX512";
#elif defined(__AVX2__)
  return "compiled for AVX2";
#else
  return "compiled for any processor";
#endif
}
