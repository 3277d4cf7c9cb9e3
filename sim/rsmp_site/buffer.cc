#include "sim/rsmp_site/buffer.h"

#include <cstdio>
#include <fstream>
#include <utility>

namespace dispecer::sim {
namespace {

// Frames are kept in the newest version's form: it can say everything.
std::string line_of(const rsmp::Body& body) {
  static const std::string kId = "00000000-0000-4000-8000-000000000000";
  return rsmp::write({kId, body}, rsmp::kNewestCore);
}

}  // namespace

MessageBuffer::MessageBuffer(std::size_t most, std::string file)
    : most_(most), file_(std::move(file)) {
  if (file_.empty()) return;
  std::ifstream in(file_);
  for (std::string line; std::getline(in, line);) {
    auto message = rsmp::read(line, rsmp::kNewestCore);
    // A line torn by the loss of power is left out.
    if (message) bodies_.push_back(std::move(message->body));
    if (bodies_.size() > most_) bodies_.pop_front();
  }
}

bool MessageBuffer::keep(rsmp::Body body) {
  bodies_.push_back(std::move(body));
  const bool full = bodies_.size() > most_;
  if (full) bodies_.pop_front();
  if (file_.empty()) return !full;
  if (full) {
    store();
  } else {
    std::ofstream(file_, std::ios::app) << line_of(bodies_.back()) << '\n';
  }
  return !full;
}

std::deque<rsmp::Body> MessageBuffer::take() {
  if (!file_.empty()) static_cast<void>(std::remove(file_.c_str()));
  return std::exchange(bodies_, {});
}

void MessageBuffer::power_lost() {
  if (file_.empty()) bodies_.clear();
}

void MessageBuffer::store() const {
  std::ofstream out(file_, std::ios::trunc);
  for (const auto& body : bodies_) out << line_of(body) << '\n';
}

}  // namespace dispecer::sim
