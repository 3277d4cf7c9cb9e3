// Messages that wait for the line: first in, first out, bounded, and on disk where asked.
#pragma once

#include <deque>
#include <string>

#include "adapters/rsmp/message/message.h"

namespace dispecer::sim {

class MessageBuffer {
 public:
  // `file` "" = in memory only. What an earlier run left there is taken over.
  MessageBuffer(std::size_t most, std::string file);

  // False = the oldest one was dropped for it.
  bool keep(rsmp::Body body);
  // Everything, oldest first; the buffer is empty then.
  std::deque<rsmp::Body> take();
  // Power went: what is on disk stays.
  void power_lost();
  [[nodiscard]] std::size_t size() const { return bodies_.size(); }

 private:
  void store() const;
  std::size_t most_;
  std::string file_;
  std::deque<rsmp::Body> bodies_;
};

}  // namespace dispecer::sim
