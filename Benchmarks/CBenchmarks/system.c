#define _GNU_SOURCE
#include "benchmarks.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

void benchmarks_keep_to_cores(int count) {
  cpu_set_t allowed, kept;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  CPU_ZERO(&kept);
  for (int core = 0; core < CPU_SETSIZE && count > 0; core++) {
    if (!CPU_ISSET(core, &allowed)) continue;
    CPU_SET(core, &kept);
    count--;
  }
  sched_setaffinity(0, sizeof kept, &kept);
}

int benchmarks_start(char *const arguments[], const char *errors, pid_t *process, int *input, int *output) {
  int to[2], from[2];
  if (pipe2(to, O_CLOEXEC) != 0) return errno;
  if (pipe2(from, O_CLOEXEC) != 0) {
    int code = errno;
    close(to[0]), close(to[1]);
    return code;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], 0);
  posix_spawn_file_actions_adddup2(&actions, from[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  int code = posix_spawnp(process, arguments[0], &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(to[0]), close(from[1]);
  if (code != 0) {
    close(to[1]), close(from[0]);
    return code;
  }
  *input = to[1];
  *output = from[0];
  return 0;
}

int benchmarks_onednn_version(int numbers[3]) {
  // The structure begins with major, minor and patch, in every release.
  const int *(*version)(void) = (const int *(*)(void))dlsym(RTLD_DEFAULT, "dnnl_version");
  const int *found = version ? version() : NULL;
  if (!found) return 0;
  for (int i = 0; i < 3; i++) numbers[i] = found[i];
  return 1;
}
