// Which operators ran on CUDA, by ONNX Runtime's own profile.
#pragma once

// `operators`: names with commas between them, "-" for any one. Prints a line for each, with `label` before
// it; returns 1 if `profile`, the text of a profile, shows every one of them on the CUDA provider.
int check_profile(const char* profile, const char* operators, const char* label);

// The same with the profile in a file.
int check_profile_file(const char* path, const char* operators, const char* label);
