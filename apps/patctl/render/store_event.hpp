#pragma once

#include "patctl/options.hpp"

#include <patroni/store_watch.hpp>
#include <patroni/timestamp.hpp>

#include <map>
#include <string>

namespace patctl::render {

/// One event of a watch as one line, with its line end. Server text is escaped.
std::string event_line(const patroni::StoreEvent& event, patroni::WallTime at, Format format);

/// The public shape of -f json (docs/schema/watch-1.json).
patroni::Value event_document(const patroni::StoreEvent& event, patroni::WallTime at);

/// What happened, for people: "leader pg1 -> pg2; config changed".
std::string event_words(const patroni::StoreEvent& event);

/// The header line of tsv.
std::string event_columns();

/// All keys below a prefix (docs/schema/dcs-dump-1.json).
std::string dump_text(const std::string& prefix, const std::string& store,
                      const std::map<std::string, patroni::StoredKey>& keys, Format format);

}  // namespace patctl::render
