#pragma once

#include "patronictl/streams.hpp"

#include <string>
#include <string_view>

namespace patronictl {

/// Lets the user change a text in an editor (`$EDITOR` as the name of one program, else `editor`,
/// else `vi`) and returns it. The file is only for the user and gone afterwards. Throws Fail when
/// there is no editor or when it fails, Abort when it was interrupted.
std::string edit_text(const Streams& streams, std::string_view text, std::string_view scope);

}  // namespace patronictl
