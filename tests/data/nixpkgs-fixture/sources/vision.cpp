// Uses the torch that it is linked with.
extern "C" const char* torch_compiled_for();
extern "C" const char* vision_runs_on() {
  return torch_compiled_for();
}
