#include "fusion/model/reach.h"

#include <algorithm>

namespace dispecer {
namespace {

std::vector<char> flood(const std::vector<std::vector<std::size_t>>& next,
                        const std::vector<std::size_t>& from, const std::vector<char>& closed) {
  std::vector<char> seen(next.size(), 0);
  std::vector<std::size_t> open;
  const auto visit = [&](std::size_t l) {
    if (seen[l] != 0 || closed[l] != 0) return;
    seen[l] = 1;
    open.push_back(l);
  };
  for (const auto l : from) visit(l);
  while (!open.empty()) {
    const auto l = open.back();
    open.pop_back();
    for (const auto n : next[l]) visit(n);
  }
  return seen;
}

}  // namespace

Reach::Reach(const Network& network) {
  for (const auto& l : network.links) {
    index_.emplace(l.id, links_.size());
    links_.push_back(l.id);
  }
  next_.resize(links_.size());
  before_.resize(links_.size());
  for (const auto& m : network.movements) {
    const auto from = index_.find(m.from);
    const auto to = index_.find(m.to);
    if (from == index_.end() || to == index_.end()) continue;
    next_[from->second].push_back(to->second);
    before_[to->second].push_back(from->second);
  }
  for (std::size_t l = 0; l < links_.size(); ++l) {
    if (before_[l].empty()) in_.push_back(l);
    if (next_[l].empty()) out_.push_back(l);
  }
  if (in_.empty() || out_.empty()) {
    std::map<JunctionId, std::vector<std::size_t>> ends;
    for (std::size_t l = 0; l < links_.size(); ++l) ends[network.links[l].to].push_back(l);
    const auto most = std::max_element(ends.begin(), ends.end(), [](const auto& a, const auto& b) {
      return a.second.size() < b.second.size();
    });
    if (most != ends.end()) in_ = out_ = most->second;
  }
  usual_ = connected(std::vector<char>(links_.size(), 0));
}

std::vector<char> Reach::connected(const std::vector<char>& closed) const {
  auto reached = flood(next_, in_, closed);
  const auto leaves = flood(before_, out_, closed);
  for (std::size_t l = 0; l < reached.size(); ++l) {
    if (leaves[l] == 0) reached[l] = 0;
  }
  return reached;
}

std::vector<LinkId> Reach::cut_off(const std::vector<LinkId>& closed) const {
  std::vector<char> shut(links_.size(), 0);
  for (const auto& id : closed) {
    if (const auto it = index_.find(id); it != index_.end()) shut[it->second] = 1;
  }
  const auto still = connected(shut);
  std::vector<LinkId> out;
  for (std::size_t l = 0; l < links_.size(); ++l) {
    if (usual_[l] != 0 && still[l] == 0 && shut[l] == 0) out.push_back(links_[l]);
  }
  return out;
}

}  // namespace dispecer
