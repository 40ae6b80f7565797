// Checks a built libonnxruntime.so through its C API. Results go to standard output, one line per check; the
// exit status is 0 if all passed, 1 if one failed, 2 for a wrong command line, 77 if nothing was checked
// because the machine has no GPU for it.

#include "bench.h"
#include "compare.h"
#include "gpu.h"
#include "library.h"
#include "manifest.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char kUsage[] =
    "usage: ort-check --library LIB --models DIR CHECK...\n"
    "  --version V        the library says that it is version V\n"
    "  --providers A,B    exactly these execution providers are available, in any order\n"
    "  --model NAME       the model of that name in DIR/models.txt gives the expected values\n"
    "  --load             environment and a session for every model can be made and released\n"
    "  --bench N          median one-thread latency of the models over N runs, as JSON\n"
    "where sessions run:\n"
    "  --provider P       cpu (default), or cuda before it\n"
    "  --sm N             cuda: what its provider was built for, such as 90\n"
    "  --profile START    ONNX Runtime's profile goes to a file that begins so; with --model\n"
    "  --operators A,B    with --profile: these are seen on CUDA; '-' (default): any one\n";

enum { kSkipped = 77 };

struct request {
  const char *library, *models;             // paths
  const char *version, *providers, *model;  // checks; NULL: not asked for
  const char *profile, *operators;
  int cuda, sm;
  int load;
  size_t bench_runs;  // 0: not asked for
};

static int parse(int argc, char** argv, struct request* request) {
  static const struct option kOptions[] = {
      {"library", required_argument, NULL, 'l'},   {"models", required_argument, NULL, 'd'},
      {"version", required_argument, NULL, 'v'},   {"providers", required_argument, NULL, 'p'},
      {"model", required_argument, NULL, 'm'},     {"load", no_argument, NULL, 'o'},
      {"bench", required_argument, NULL, 'b'},     {"provider", required_argument, NULL, 'x'},
      {"sm", required_argument, NULL, 's'},        {"profile", required_argument, NULL, 'f'},
      {"operators", required_argument, NULL, 'n'}, {NULL, 0, NULL, 0}};
  char* end = "";
  for (int option; (option = getopt_long(argc, argv, "", kOptions, NULL)) != -1;) {
    switch (option) {
      case 'l':
        request->library = optarg;
        break;
      case 'd':
        request->models = optarg;
        break;
      case 'v':
        request->version = optarg;
        break;
      case 'p':
        request->providers = optarg;
        break;
      case 'm':
        request->model = optarg;
        break;
      case 'o':
        request->load = 1;
        break;
      case 'b':
        request->bench_runs = strtoul(optarg, &end, 10);
        if (*end != '\0' || request->bench_runs < 1 || request->bench_runs > 1000000) {
          return fprintf(stderr, "ort-check: --bench %s: expected a number from 1 to 1000000\n", optarg), 0;
        }
        break;
      case 'x':
        request->cuda = strcmp(optarg, "cuda") == 0;
        if (!request->cuda && strcmp(optarg, "cpu") != 0) {
          return fprintf(stderr, "ort-check: --provider %s: expected cpu or cuda\n", optarg), 0;
        }
        break;
      case 's':
        request->sm = (int)strtol(optarg, &end, 10);
        if (*end != '\0' || request->sm < 10 || request->sm > 999) {
          return fprintf(stderr, "ort-check: --sm %s: expected a number such as 90\n", optarg), 0;
        }
        break;
      case 'f':
        request->profile = optarg;
        break;
      case 'n':
        request->operators = optarg;
        break;
      default:
        return 0;
    }
  }
  int checks =
      request->version || request->providers || request->model || request->load || request->bench_runs;
  if (request->cuda && !request->sm) return fputs("ort-check: --provider cuda: needs --sm\n", stderr), 0;
  if (optind == argc && request->library && request->models && checks) return 1;
  fputs("ort-check: expected --library, --models and at least one check\n", stderr);
  return 0;
}

static int check_version(const struct library* library, const char* expected) {
  const char* got = library->base->GetVersionString();
  int same = strcmp(got, expected) == 0;
  printf("%s version: %s, expected %s\n", same ? "ok" : "FAIL", got, expected);
  return same;
}

// Is `name` an element of the comma-separated `list`?
static int listed(const char* list, const char* name) {
  size_t length = strlen(name);
  for (const char* item = list; item; item = strchr(item, ','), item += item != NULL) {
    if (strcspn(item, ",") == length && strncmp(item, name, length) == 0) return 1;
  }
  return 0;
}

static int check_providers(const struct library* library, const char* expected) {
  char** names = NULL;
  int count = 0, same = 1, wanted = 1;
  if (!succeeded(library, library->api->GetAvailableProviders(&names, &count), "providers")) return 0;
  for (const char* item = expected; (item = strchr(item, ',')); ++item) ++wanted;
  for (int i = 0; i < count; ++i) same = same && listed(expected, names[i]);
  same = same && count == wanted;
  printf("%s providers: ", same ? "ok" : "FAIL");
  for (int i = 0; i < count; ++i) printf("%s%s", i ? "," : "", names[i]);
  printf(", expected %s\n", expected);
  return succeeded(library, library->api->ReleaseAvailableProviders(names, count), "providers") && same;
}

static int check_named_model(const struct library* library, const struct manifest* manifest,
                             const struct request* request) {
  const char* name = request->model;
  const char* operators = request->operators ? request->operators : "-";
  for (size_t m = 0; m < manifest->count; ++m) {
    if (strcmp(manifest->models[m].name, name) == 0)
      return check_model(library, &manifest->models[m], operators);
  }
  printf("FAIL %s: models.txt has no model of this name; it has", name);
  for (size_t m = 0; m < manifest->count; ++m) printf(" %s", manifest->models[m].name);
  printf("\n");
  return 0;
}

static int check_load(const struct library* library, const struct manifest* manifest) {
  for (size_t m = 0; m < manifest->count; ++m) {
    struct session session;
    if (!session_open(library, &manifest->models[m], &session)) return 0;
    session_close(&session);
  }
  printf("ok load: environment and %zu sessions made and released\n", manifest->count);
  return 1;
}

// The reason of a failure that no error message gives: kernels that were never launched leave wrong values.
static void explain_failure(const struct library* library) {
  char text[128];
  if (library->cuda && !code_runs(library->built_for, library->device)) {
    printf("FAIL gpu: %s\n", wrong_sm(library->built_for, library->device, text, sizeof text));
  }
}

// The exit status.
static int run_checks(const struct request* request, const struct manifest* manifest) {
  struct library library;
  int good = library_open(request->library, &library);
  if (good && request->cuda) {
    library.cuda = 1;
    library.built_for = request->sm;
    good = cuda_ready(&library, &manifest->models[0]);
    if (good < 0) return library_close(&library), kSkipped;
  }
  library.profile = request->profile;
  if (good) {
    if (request->version) good &= check_version(&library, request->version);
    if (request->providers) good &= check_providers(&library, request->providers);
    if (request->model) good &= check_named_model(&library, manifest, request);
    if (request->load) good &= check_load(&library, manifest);
    if (request->bench_runs) good &= bench_models(&library, manifest, request->bench_runs);
  }
  if (!good) explain_failure(&library);
  library_close(&library);
  return good ? 0 : 1;
}

int main(int argc, char** argv) {
  struct request request = {0};
  if (!parse(argc, argv, &request)) return fputs(kUsage, stderr), 2;
  struct manifest* manifest = manifest_read(request.models);
  if (!manifest) return 1;
  int status = run_checks(&request, manifest);
  manifest_free(manifest);
  return status;
}
