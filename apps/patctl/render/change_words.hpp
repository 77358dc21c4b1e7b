#pragma once

#include <patroni/store_watch.hpp>

#include <string>

namespace patctl::render {

/// What the changes of an event mean, in one line of escaped text.
std::string change_words(const patroni::StoreEvent& event);

}  // namespace patctl::render
