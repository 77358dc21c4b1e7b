#include "patronictl/grammar.hpp"

#include "patronictl/difflib.hpp"
#include "patronictl/python_text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <sys/stat.h>
#include <unistd.h>

namespace patronictl {

const OptionSpec k_help_option{"help", "--help", OptionKind::flag, "Show this text and end"};

std::vector<std::string_view> parts_of(std::string_view list) {
    std::vector<std::string_view> parts;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        parts.push_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return parts;
}

std::string usage_word(const ArgumentSpec& argument) {
    std::string word(argument.metavar);
    if (!argument.choices.empty()) {
        word = "{";
        for (const auto choice : parts_of(argument.choices)) {
            word += (word.size() == 1 ? "" : "|") + std::string(choice);
        }
        word += "}";
    }
    if (!argument.required) {
        word = "[" + word + "]";
    }
    return argument.many ? word + "..." : word;
}

namespace {

/// Ends the parsing with what there is to say.
struct Stop {
    ParseOutcome::Kind kind;
    std::string message;
};

[[noreturn]] void usage_error(std::string message) {
    throw Stop{ParseOutcome::Kind::usage_error, std::move(message)};
}

bool has_name(const OptionSpec& option, std::string_view name) {
    const auto names = parts_of(option.names);
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

/// "'--format' / '-f'", "'CLUSTER_NAME'".
std::string hint_of(const OptionSpec& option) {
    std::string text;
    for (const auto name : parts_of(option.names)) {
        text += (text.empty() ? "" : " / ") + quoted(name);
    }
    return text;
}

std::string hint_of(const ArgumentSpec& argument) {
    return quoted(usage_word(argument));
}

void check_choice(std::string_view hint, std::string_view choices, const std::string& value) {
    const auto allowed = parts_of(choices);
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) {
        return;
    }
    std::string list;
    for (const auto choice : allowed) {
        list += (list.empty() ? "" : ", ") + python_repr(choice);
    }
    usage_error("Invalid value for " + std::string(hint) + ": " + python_repr(value) +
                " is not one of " + list + ".");
}

void check_file(std::string_view hint, const std::string& name) {
    struct stat found{};
    if (name == "-" || (access(name.c_str(), R_OK) == 0 && stat(name.c_str(), &found) == 0)) {
        if (!S_ISDIR(found.st_mode)) {
            return;
        }
        errno = EISDIR;
    }
    usage_error("Invalid value for " + std::string(hint) + ": " + python_repr(name) + ": " +
                std::strerror(errno));
}

class Parser {
public:
    Parser(std::span<const OptionSpec> options, std::span<const ArgumentSpec> arguments,
           std::span<const std::string> words, Arguments mode)
        : options_(options),
          arguments_(arguments),
          words_(words.begin(), words.end()),
          mode_(mode) {}

    /// First the shape of the line, then the values.
    void parse(Parsed& parsed, std::vector<std::string>* rest) {
        take_words();
        left_.insert(left_.end(), words_.begin(), words_.end());
        if (help_) {
            throw Stop{ParseOutcome::Kind::help, {}};
        }
        deal_out_arguments();
        for (const auto& given : given_) {
            convert(*given.option, given.values, parsed);
        }
        for (const auto& [argument, values] : dealt_) {
            convert(*argument, values, parsed);
        }
        if (rest != nullptr) {
            *rest = std::move(left_);
        } else if (!left_.empty()) {
            std::string text;
            for (const auto& word : left_) {
                text += (text.empty() ? "" : " ") + word;
            }
            usage_error(std::string("Got unexpected extra argument") +
                        (left_.size() == 1 ? "" : "s") + " (" + text + ")");
        }
    }

private:
    struct Given {
        const OptionSpec* option;
        std::vector<std::string> values;
    };

    void take_words() {
        while (!words_.empty()) {
            const std::string word = std::move(words_.front());
            words_.pop_front();
            if (word == "--") {
                return;
            }
            if (word.size() > 1 && word[0] == '-') {
                take_option(word);
            } else if (mode_ == Arguments::mixed) {
                left_.push_back(word);
            } else {
                words_.push_front(word);
                return;
            }
        }
    }

    const OptionSpec* find(std::string_view name) const {
        if (has_name(k_help_option, name)) {
            return &k_help_option;
        }
        const auto found = std::find_if(options_.begin(), options_.end(),
                                        [&](const OptionSpec& one) { return has_name(one, name); });
        return found == options_.end() ? nullptr : &*found;
    }

    void take_option(const std::string& word) {
        const std::size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        // A name with one dash is short: the letters behind it are options or a value.
        if (word[1] != '-') {
            return take_letters(word);
        }
        const OptionSpec* option = find(name);
        if (option == nullptr) {
            no_such_option(name);
        }
        if (option->kind == OptionKind::flag) {
            if (equals != std::string::npos) {
                throw Stop{ParseOutcome::Kind::plain_error,
                           "Option " + python_repr(name) + " does not take a value."};
            }
            return give(*option, {});
        }
        if (equals != std::string::npos) {
            words_.push_front(word.substr(equals + 1));
        }
        give(*option, value_of(name));
    }

    void take_letters(const std::string& word) {
        for (std::size_t i = 1; i < word.size();) {
            std::size_t length = 1;  // Of a character, which may have several bytes.
            while (i + length < word.size() &&
                   (static_cast<unsigned char>(word[i + length]) & 0xC0) == 0x80) {
                ++length;
            }
            const std::string name = "-" + word.substr(i, length);
            const OptionSpec* option = find(name);
            if (option == nullptr) {
                usage_error("No such option: " + name);
            }
            i += length;
            if (option->kind == OptionKind::flag) {
                give(*option, {});
                continue;
            }
            if (i < word.size()) {
                words_.push_front(word.substr(i));
            }
            return give(*option, value_of(name));
        }
    }

    std::string value_of(const std::string& name) {
        if (words_.empty()) {
            throw Stop{ParseOutcome::Kind::plain_error,
                       "Option " + python_repr(name) + " requires an argument."};
        }
        std::string value = std::move(words_.front());
        words_.pop_front();
        return value;
    }

    void give(const OptionSpec& option, std::string value) {
        if (&option == &k_help_option) {
            help_ = true;
            return;
        }
        for (auto& given : given_) {
            if (given.option == &option) {
                given.values.push_back(std::move(value));
                return;
            }
        }
        given_.push_back({&option, {std::move(value)}});
    }

    [[noreturn]] void no_such_option(const std::string& name) const {
        std::vector<std::string> known;
        for (const auto& option : options_) {
            for (const auto one : parts_of(option.names)) {
                if (one.starts_with("--")) {
                    known.emplace_back(one);
                }
            }
        }
        known.emplace_back(k_help_option.names);
        auto close = close_matches(name, known);
        std::sort(close.begin(), close.end());
        std::string list;
        for (const auto& one : close) {
            list += (list.empty() ? "" : ", ") + one;
        }
        std::string message = "No such option: " + name;
        if (close.size() == 1) {
            message += " Did you mean " + list + "?";
        } else if (!close.empty()) {
            message += " (Possible options: " + list + ")";
        }
        usage_error(std::move(message));
    }

    /// Arguments take one word each, in their order; the one that takes many gets what the others
    /// leave, from both sides.
    void deal_out_arguments() {
        std::size_t behind = 0;  // Arguments behind the one that takes many.
        bool seen = false;
        for (const auto& argument : arguments_) {
            behind += seen ? 1 : 0;
            seen = seen || argument.many;
        }
        for (const auto& argument : arguments_) {
            std::vector<std::string> values;
            const std::size_t wanted =
                argument.many ? left_.size() - std::min(left_.size(), behind) : 1;
            while (!left_.empty() && values.size() < wanted) {
                values.push_back(std::move(left_.front()));
                left_.erase(left_.begin());
            }
            dealt_.emplace_back(&argument, std::move(values));
        }
    }

    static void convert(const OptionSpec& option, const std::vector<std::string>& values,
                        Parsed& parsed) {
        const std::string& last = values.back();
        switch (option.kind) {
            case OptionKind::flag:
                return parsed.set_flag(option.key);
            case OptionKind::texts:
                for (const auto& value : values) {
                    parsed.add_text(option.key, value);
                }
                return;
            case OptionKind::integer: {
                const auto number = python_int(last);
                if (!number) {
                    usage_error("Invalid value for " + hint_of(option) + ": " + python_repr(last) +
                                " is not a valid integer.");
                }
                return parsed.set_integer(option.key, *number);
            }
            case OptionKind::real: {
                const auto number = python_float(last);
                if (!number) {
                    usage_error("Invalid value for " + hint_of(option) + ": " + python_repr(last) +
                                " is not a valid float.");
                }
                return parsed.set_real(option.key, *number);
            }
            case OptionKind::choice:
                check_choice(hint_of(option), option.choices, last);
                break;
            case OptionKind::file:
                check_file(hint_of(option), last);
                break;
            case OptionKind::text:
                break;
        }
        parsed.set_text(option.key, last);
    }

    static void convert(const ArgumentSpec& argument, const std::vector<std::string>& values,
                        Parsed& parsed) {
        if (values.empty() && argument.required) {
            std::string message = "Missing argument " + hint_of(argument) + ".";
            for (const auto choice : parts_of(argument.choices)) {
                message += message.ends_with('.') ? " Choose from:\n\t" : ",\n\t";
                message += choice;
            }
            usage_error(std::move(message));
        }
        for (const auto& value : values) {
            if (!argument.choices.empty()) {
                check_choice(hint_of(argument), argument.choices, value);
            }
            parsed.add_text(argument.key, value);
        }
    }

    std::span<const OptionSpec> options_;
    std::span<const ArgumentSpec> arguments_;
    std::deque<std::string> words_;
    Arguments mode_;
    std::vector<std::string> left_;
    std::vector<Given> given_;
    std::vector<std::pair<const ArgumentSpec*, std::vector<std::string>>> dealt_;
    bool help_ = false;
};

}  // namespace

ParseOutcome parse_command_line(std::span<const OptionSpec> options,
                                std::span<const ArgumentSpec> arguments,
                                std::span<const std::string> words, Arguments mode,
                                std::vector<std::string>* rest) {
    ParseOutcome outcome;
    try {
        Parser(options, arguments, words, mode).parse(outcome.parsed, rest);
    } catch (Stop& stop) {
        outcome.kind = stop.kind;
        outcome.message = std::move(stop.message);
    }
    return outcome;
}

}  // namespace patronictl
