#include "adapters/process/supervisor.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>
#include <thread>

namespace dispecer::process {
namespace {

std::optional<double> age_of(const std::string& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  timespec moment{};
  ::clock_gettime(CLOCK_REALTIME, &moment);
  return static_cast<double>(moment.tv_sec - info.st_mtim.tv_sec) +
         static_cast<double>(moment.tv_nsec - info.st_mtim.tv_nsec) * 1e-9;
}

// So that what stands below it in the log has a time.
void tell_start(const std::string& name) {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  ::dprintf(2, "%s %s started, process %d\n", text, name.c_str(), static_cast<int>(::getpid()));
}

[[noreturn]] void become(const ChildSpec& spec, pid_t parent) {
  // Its own process group, so that Ctrl-C reaches the launcher alone; and it dies with the
  // launcher.
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  if (!spec.log_file.empty()) {
    const int fd = ::open(spec.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd >= 0) {
      ::dup2(fd, 1);
      ::dup2(fd, 2);
      tell_start(spec.name);
    }
  }
  std::vector<char*> argv;
  for (const auto& word : spec.argv) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  ::execvp(argv[0], argv.data());
  ::dprintf(2, "cannot start %s: %s\n", argv[0], std::strerror(errno));
  ::_exit(127);
}

}  // namespace

Supervisor::Supervisor(std::vector<ChildSpec> children, std::function<void(const std::string&)> say)
    : say_(std::move(say)) {
  for (auto& spec : children) {
    Child child;
    child.spec = std::move(spec);
    children_.push_back(std::move(child));
  }
}

void Supervisor::start(Child& child, MonoTime now) {
  ::unlink(child.spec.ready_file.c_str());
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(child.spec, parent);
  if (pid < 0) {
    say_("cannot fork for " + child.spec.name + ": " + std::strerror(errno));
    child.not_before = now + kMostBackoff;
    return;
  }
  child.pid = pid;
  child.started = now;
  child.ready = false;
  ++child.starts;
}

void Supervisor::check_alive(Child& child, MonoTime now) {
  const auto age = age_of(child.spec.ready_file);
  if (!child.ready && age) {
    child.ready = true;
    say_(child.spec.name + " ready after " +
         std::to_string(
             std::chrono::duration_cast<std::chrono::milliseconds>(now - child.started).count()) +
         " ms");
    child.was_ready = true;
  }
  const bool hung =
      child.ready && child.spec.heartbeat && age && *age > in_seconds(kHeartbeatLimit);
  const bool never = !child.ready && now - child.started > kReadyLimit;
  if (hung || never) {
    say_(child.spec.name + (hung ? " stopped beating, ended" : " did not become ready, ended"));
    ::kill(child.pid, SIGKILL);
  }
  if (child.ready && now - child.started > kMostBackoff) child.backoff = kLeastBackoff;
}

std::optional<int> Supervisor::round(MonoTime now) {
  for (auto& child : children_) {
    if (child.pid != 0) {
      int status = 0;
      if (::waitpid(child.pid, &status, WNOHANG) == child.pid) {
        child.pid = 0;
        child.ready = false;
        const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (code == 0 && child.spec.ends_world) return 0;
        if (code == 2 && !child.was_ready) {
          say_(child.spec.name + " refused to start; see " +
               (child.spec.log_file.empty() ? "above" : child.spec.log_file));
          return 2;
        }
        say_(child.spec.name + " ended with " + std::to_string(code) + ", restart in " +
             std::to_string(
                 std::chrono::duration_cast<std::chrono::milliseconds>(child.backoff).count()) +
             " ms");
        child.not_before = now + child.backoff;
        child.backoff = std::min<Duration>(child.backoff * 2, kMostBackoff);
      } else {
        check_alive(child, now);
      }
    }
    if (child.pid == 0 && now >= child.not_before) start(child, now);
    // In order: the next one waits for the first readiness of this one.
    if (!child.was_ready) return std::nullopt;
  }
  return std::nullopt;
}

void Supervisor::stop_all(Duration patience) {
  for (auto it = children_.rbegin(); it != children_.rend(); ++it) {
    if (it->pid == 0) continue;
    ::kill(it->pid, SIGTERM);
    for (Duration waited{0}; it->pid != 0; waited += std::chrono::milliseconds(10)) {
      if (::waitpid(it->pid, nullptr, WNOHANG) != 0) {
        it->pid = 0;
      } else if (waited >= patience) {
        say_(it->spec.name + " did not stop, killed");
        ::kill(it->pid, SIGKILL);
        ::waitpid(it->pid, nullptr, 0);
        it->pid = 0;
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    }
  }
}

bool Supervisor::all_ready() const {
  return std::all_of(children_.begin(), children_.end(), [](const Child& c) { return c.ready; });
}

std::uint64_t Supervisor::restarts(const std::string& name) const {
  for (const auto& c : children_) {
    if (c.spec.name == name) return c.starts > 0 ? c.starts - 1 : 0;
  }
  return 0;
}

pid_t Supervisor::pid(const std::string& name) const {
  for (const auto& c : children_) {
    if (c.spec.name == name) return c.pid;
  }
  return 0;
}

}  // namespace dispecer::process
