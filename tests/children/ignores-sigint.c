// Says "ready", then survives SIGINT and SIGTERM for a minute.
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  puts("ready");
  fflush(stdout);
  for (int second = 0; second < 60; ++second) sleep(1);
  return 0;
}
