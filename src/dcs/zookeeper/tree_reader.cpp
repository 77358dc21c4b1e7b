#include "dcs/zookeeper/tree_reader.hpp"

#include "base/text.hpp"
#include "dcs/zookeeper/key_reader.hpp"

#include <algorithm>
#include <array>

namespace patroni::dcs::zookeeper {
namespace {

/// A request has to fit into the 1 MB that a server takes, and an answer keeps others waiting.
constexpr std::size_t k_parts = 1000;
constexpr std::size_t k_request_bytes = 400U * 1024;
constexpr std::size_t k_value_bytes = 256U * 1024 * 1024;
constexpr int k_rounds = 100;
constexpr int k_unstable_tries = 3;
/// Folders in folders: Patroni has three, "0/members/x" of a Citus group.
constexpr std::ptrdiff_t k_depth = 8;

constexpr std::array<std::string_view, 2> k_folders = {"members", "optime"};

std::string join(const std::string& folder, std::string_view child) {
    return folder + (folder.ends_with('/') ? "" : "/") + std::string(child);
}

std::string_view last_part(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

bool is_folder_name(std::string_view name) {
    return std::find(k_folders.begin(), k_folders.end(), name) != k_folders.end();
}

bool is_group(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), is_digit);
}

/// Whether a folder with these children is that of one cluster, plain or Citus.
bool is_cluster(const std::vector<std::string>& children) {
    const auto is_key = [](const std::string& name) {
        return name == "leader" || name == "config" || name == "initialize" || name == "members";
    };
    return std::any_of(children.begin(), children.end(), is_key) ||
           (!children.empty() && std::all_of(children.begin(), children.end(), is_group));
}

bool is_name(const std::string& child) {
    return !child.empty() && child.find('/') == std::string::npos;
}

}  // namespace

TreeReader::TreeReader(std::string prefix, Watch watch)
    : prefix_(std::move(prefix)),
      top_(prefix_.size() > 1 ? prefix_.substr(0, prefix_.size() - 1) : prefix_),
      watch_(watch) {}

void TreeReader::mark(std::string_view path) {
    marked_.emplace(path);
}

void TreeReader::forget() {
    is_whole_known_ = false;
}

std::vector<Change> TreeReader::take_changes() {
    return std::exchange(changes_, {});
}

Snapshot TreeReader::snapshot() const {
    Snapshot snapshot;
    snapshot.revision = revision();
    for (const auto& [path, unit] : units_) {
        for (const auto& [key, entry] : unit.entries) {
            snapshot.entries.push_back(entry);
        }
    }
    std::sort(snapshot.entries.begin(), snapshot.entries.end(),
              [](const Entry& a, const Entry& b) { return a.key < b.key; });
    return snapshot;
}

std::vector<std::string> TreeReader::nodes() const {
    std::set<std::string> nodes;
    for (const auto& [path, unit] : units_) {
        for (const auto& [folder, children] : unit.lists) {
            nodes.insert(folder);
            for (const auto& child : children) {
                nodes.insert(join(folder, child));
            }
        }
    }
    if (has_top_) {
        nodes.insert(top_);
    }
    return {nodes.rbegin(), nodes.rend()};
}

std::vector<Request> TreeReader::start(bool one_by_one) {
    was_whole_ = is_running_ || !is_whole_known_;
    is_running_ = true;
    one_by_one_ = one_by_one;
    refusal_.reset();
    changes_.clear();
    rounds_ = 0;
    preface_ = 0;
    std::vector<Request> requests;
    if (was_whole_) {
        is_whole_known_ = false;
        units_.clear();
        add_unit(top_);  // Most often it is one cluster: that saves a round.
        is_one_cluster_ = true;
        is_top_wanted_ = true;
        if (watch_ == Watch::yes && !one_by_one_) {
            requests.push_back({.op = Op::add_watch, .path = top_});
        }
        requests.push_back({.op = Op::sync, .path = top_});
        preface_ = requests.size();
    } else {
        for (const std::string& path : marked_) {
            apply_mark(path);
        }
    }
    marked_.clear();
    const auto round = next_round();
    requests.insert(requests.end(), round.begin(), round.end());
    return requests;
}

void TreeReader::apply_mark(const std::string& path) {
    if (is_one_cluster_) {
        units_.at(top_).is_settled = false;
        return;
    }
    if (path == top_ || units_.empty()) {
        is_top_wanted_ = true;
        return;
    }
    if (path.starts_with(prefix_)) {
        const auto name = std::string_view(path).substr(prefix_.size());
        add_unit(join(top_, name.substr(0, name.find('/')))).is_settled = false;
    }
}

TreeReader::Unit& TreeReader::add_unit(const std::string& path) {
    Unit& unit = units_[path];
    unit.folders.insert(path);
    for (const auto folder : k_folders) {
        unit.folders.insert(join(path, folder));
    }
    return unit;
}

std::vector<Request> TreeReader::next_round() {
    questions_.clear();
    bytes_ = 0;
    if (is_top_wanted_) {
        if (one_by_one_ && watch_ == Watch::yes) {
            ask("", Op::exists, top_);  // A watch on what does not exist yet.
        }
        ask("", Op::get_children, top_);
    }
    for (auto& [path, unit] : units_) {
        if (!unit.is_settled) {
            ask_unit(path, unit);
        }
    }
    std::vector<Request> requests;
    pack(requests);
    return requests;
}

void TreeReader::ask(const std::string& unit, Op op, const std::string& path) {
    Request request{.op = op, .path = path};
    request.watch = one_by_one_ && watch_ == Watch::yes;
    questions_.push_back({unit, std::move(request)});
}

void TreeReader::ask_unit(const std::string& path, const Unit& unit) {
    std::set<std::string> nodes;
    if (path != top_) {
        nodes.insert(path);
    }
    for (const auto& [folder, children] : unit.lists) {
        for (const auto& child : children) {
            nodes.insert(join(folder, child));
        }
    }
    for (const auto& folder : unit.folders) {
        ask(path, Op::get_children, folder);
    }
    for (const auto& node : nodes) {
        ask(path, Op::get_data, node);
    }
}

/// A unit goes into one request as long as there is room for it.
void TreeReader::pack(std::vector<Request>& requests) const {
    if (one_by_one_) {
        for (const Question& question : questions_) {
            requests.push_back(question.request);
        }
        return;
    }
    std::size_t bytes = 0;
    for (std::size_t first = 0; first < questions_.size();) {
        std::size_t end = first;
        std::size_t unit_bytes = 0;
        while (end < questions_.size() && questions_[end].unit == questions_[first].unit &&
               end - first < k_parts && unit_bytes < k_request_bytes) {
            unit_bytes += questions_[end++].request.path.size() + 32;
        }
        if (requests.empty() || bytes + unit_bytes > k_request_bytes ||
            requests.back().parts.size() + (end - first) > k_parts) {
            requests.push_back({.op = Op::multi_read});
            bytes = 0;
        }
        for (; first < end; ++first) {
            requests.back().parts.push_back(questions_[first].request);
        }
        bytes += unit_bytes;
    }
}

/// One answer for each question; fewer when there is a refusal.
std::vector<Reply> TreeReader::flatten(std::vector<Reply> replies) {
    std::vector<Reply> answers;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        Reply& reply = replies[i];
        zxid_ = std::max(zxid_, reply.zxid);
        if (i < preface_) {
            if (reply.error != k_ok) {
                refuse(reply.error, top_);
            }
        } else if (one_by_one_) {
            answers.push_back(std::move(reply));
        } else if (reply.error != k_ok && reply.parts.empty()) {
            refuse(reply.error, top_);
        } else {
            std::move(reply.parts.begin(), reply.parts.end(), std::back_inserter(answers));
        }
    }
    preface_ = 0;
    if (!refusal_ && answers.size() != questions_.size()) {
        refuse(ErrorKind::protocol, "ZooKeeper answered less than it was asked");
    }
    return answers;
}

std::vector<Request> TreeReader::resume(std::vector<Reply> replies) {
    std::vector<Reply> answers = flatten(std::move(replies));
    std::size_t next = 0;
    while (!refusal_ && next < answers.size()) {
        if (questions_[next].unit.empty()) {
            if (questions_[next].request.op == Op::get_children) {
                take_top(answers[next]);
            }
            ++next;
        } else {
            next = take_unit(answers, next);
        }
    }
    if (!refusal_ && ++rounds_ > k_rounds) {
        refuse(ErrorKind::limit, "the folders below " + prefix_ + " change in every one of " +
                                     std::to_string(k_rounds) + " looks");
    }
    if (refusal_) {
        return end();
    }
    auto requests = next_round();
    return requests.empty() ? end() : requests;
}

std::vector<Request> TreeReader::end() {
    is_running_ = false;
    is_whole_known_ = !refusal_;
    return {};
}

/// The list of the prefix's own folder.
void TreeReader::take_top(const Reply& reply) {
    is_top_wanted_ = false;
    has_top_ = reply.error == k_ok;
    if (reply.error == k_no_node) {
        return set_units({});
    }
    if (reply.error != k_ok) {
        return refuse(reply.error, top_);
    }
    if (is_one_cluster_ && !is_cluster(reply.children)) {
        units_.clear();
        is_one_cluster_ = false;
    }
    if (units_.empty() && is_cluster(reply.children)) {
        is_one_cluster_ = true;
        add_unit(top_);
    }
    if (!is_one_cluster_) {
        set_units(reply.children);
    }
}

/// Each child of the prefix's folder is a unit.
void TreeReader::set_units(const std::vector<std::string>& children) {
    is_one_cluster_ = false;
    std::set<std::string> paths;
    for (const auto& child : children) {
        if (is_name(child)) {
            paths.insert(join(top_, child));
        }
    }
    for (auto unit = units_.begin(); unit != units_.end();) {
        const bool is_gone = paths.count(unit->first) == 0;
        if (is_gone) {
            replace(unit->second, {});
        }
        unit = is_gone ? units_.erase(unit) : std::next(unit);
    }
    for (const auto& path : paths) {
        add_unit(path);
    }
}

/// The answers to the questions of one unit. Where those of the next one begin.
std::size_t TreeReader::take_unit(std::vector<Reply>& answers, std::size_t first) {
    const std::string& path = questions_[first].unit;
    std::size_t end = first;
    while (end < questions_.size() && questions_[end].unit == path) {
        ++end;
    }
    const auto unit = units_.find(path);
    if (unit == units_.end()) {
        return end;
    }
    take_round(path, unit->second, std::span(answers).subspan(first, end - first),
               std::span(questions_).subspan(first, end - first));
    if (path == top_ && unit->second.is_settled && unit->second.lists.count(top_) == 0) {
        units_.clear();  // It is gone; what comes in its place may be no cluster.
        is_one_cluster_ = false;
        is_top_wanted_ = true;
    }
    return end;
}

void TreeReader::take_round(const std::string& path, Unit& unit, std::span<Reply> answers,
                            std::span<const Question> questions) {
    std::map<std::string, std::vector<std::string>> lists;
    std::map<std::string, Entry> entries;
    bool is_same = true;
    bool is_steady = true;
    for (std::size_t i = 0; i < answers.size() && !refusal_; ++i) {
        Reply& answer = answers[i];
        const Request& request = questions[i].request;
        if (answer.error != k_ok && answer.error != k_no_node) {
            return refuse(answer.error, request.path);
        }
        if (request.op == Op::get_children) {
            if (answer.error == k_ok) {
                std::erase_if(answer.children,
                              [](const std::string& child) { return !is_name(child); });
                std::sort(answer.children.begin(), answer.children.end());
                lists.emplace(request.path, std::move(answer.children));
            }
            continue;
        }
        if (answer.error != k_ok) {
            is_same = is_same && request.path == path;  // A unit may be gone; its list is, too.
            continue;
        }
        is_steady = is_steady && answer.stat->modified_zxid <= answers.front().zxid;
        is_same = take_node(unit, request.path, answer, entries) && is_same;
    }
    is_same = is_same && lists == unit.lists;
    unit.lists = std::move(lists);
    if (!is_same || (one_by_one_ && !is_steady && ++unit.tries < k_unstable_tries)) {
        return;
    }
    std::erase_if(unit.folders, [&](const std::string& folder) {
        return folder != path && unit.lists.count(folder) == 0 &&
               !is_folder_name(last_part(folder));
    });
    unit.tries = 0;
    unit.is_settled = true;
    replace(unit, std::move(entries));
}

/// False: it is a folder that was not known as one.
bool TreeReader::take_node(Unit& unit, const std::string& path, Reply& answer,
                           std::map<std::string, Entry>& entries) {
    const Stat& stat = *answer.stat;
    bytes_ += answer.value.size();
    if (bytes_ > k_value_bytes) {
        refuse(ErrorKind::limit, "the values below " + prefix_ + " are larger than " +
                                     std::to_string(k_value_bytes) + " bytes");
    }
    const bool has_children = stat.children > 0;
    if (!answer.value.empty() || !(has_children || is_folder_name(last_part(path)))) {
        Entry entry{path, std::move(answer.value)};
        entry.modified = static_cast<std::uint64_t>(stat.modified_zxid);
        entries.emplace(path, std::move(entry));
    }
    const auto depth =
        std::count(path.begin() + static_cast<std::ptrdiff_t>(top_.size()), path.end(), '/');
    if (!has_children || unit.folders.count(path) != 0 || depth > k_depth) {
        return true;
    }
    unit.folders.insert(path);
    if (is_group(last_part(path))) {
        for (const auto folder : k_folders) {
            unit.folders.insert(join(path, folder));
        }
    }
    return false;
}

void TreeReader::replace(Unit& unit, std::map<std::string, Entry> entries) {
    if (!was_whole_) {
        for (const auto& [key, entry] : unit.entries) {
            if (entries.count(key) == 0) {
                changes_.push_back({Entry{key, {}}, true});
            }
        }
        for (const auto& [key, entry] : entries) {
            const auto before = unit.entries.find(key);
            if (before == unit.entries.end() || before->second.modified != entry.modified) {
                changes_.push_back({entry, false});
            }
        }
    }
    unit.entries = std::move(entries);
}

void TreeReader::refuse(std::int32_t code, const std::string& path) {
    if (!refusal_) {
        refusal_ = refused_by_server(code, "read " + path);
    }
}

void TreeReader::refuse(ErrorKind kind, std::string message) {
    if (!refusal_) {
        refusal_.emplace();
        refusal_->kind = kind;
        refusal_->message = std::move(message);
        refusal_->delivery = Delivery::answered;
    }
}

}  // namespace patroni::dcs::zookeeper
