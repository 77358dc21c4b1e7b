#include "patronictl/help.hpp"

#include "patronictl/commands.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace patronictl {
namespace {

/// Folds a text at its blanks, each line after the first one behind `indent`.
std::string folded(std::string_view text, std::size_t width, std::size_t first_indent,
                   std::size_t indent) {
    std::string out;
    std::string line(first_indent, ' ');
    bool empty = true;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (!empty && line.size() + 1 + word.size() > width) {
            out += line + "\n";
            line = std::string(indent, ' ');
            empty = true;
        }
        line += (empty ? "" : " ") + std::string(word);
        empty = false;
    }
    return out + line;
}

std::string value_word(const OptionSpec& option) {
    if (!option.metavar.empty()) {
        return std::string(option.metavar);
    }
    switch (option.kind) {
        case OptionKind::flag:
            return {};
        case OptionKind::integer:
            return "INTEGER";
        case OptionKind::real:
            return "FLOAT";
        case OptionKind::file:
            return "FILENAME";
        case OptionKind::choice: {
            std::string word = "[" + std::string(option.choices) + "]";
            std::replace(word.begin(), word.end(), ',', '|');
            return word;
        }
        case OptionKind::text:
        case OptionKind::texts:
            return "TEXT";
    }
    return {};
}

/// Short names first.
std::string left_side(const OptionSpec& option) {
    auto names = parts_of(option.names);
    std::stable_sort(names.begin(), names.end(), [](std::string_view a, std::string_view b) {
        return !a.starts_with("--") && b.starts_with("--");
    });
    std::string text;
    for (const auto name : names) {
        text += (text.empty() ? "" : ", ") + std::string(name);
    }
    const std::string value = value_word(option);
    return value.empty() ? text : text + " " + value;
}

using Rows = std::vector<std::pair<std::string, std::string>>;

std::string table(const Rows& rows, std::size_t width) {
    std::size_t left = 0;
    for (const auto& [name, help] : rows) {
        left = std::max(left, name.size());
    }
    left = std::min<std::size_t>(left, 30) + 2;
    std::string out;
    for (const auto& [name, help] : rows) {
        std::string text = "  " + name;
        if (name.size() + 2 > left) {
            text += "\n" + folded(help, width, left + 2, left + 2);
        } else {
            const std::string padding(left + 2 - text.size(), ' ');
            text += padding + folded(help, width, left + 2, left + 2).substr(left + 2);
        }
        out += text + "\n";
    }
    return out;
}

Rows option_rows(std::span<const OptionSpec> options) {
    Rows rows;
    for (const auto& option : options) {
        rows.emplace_back(left_side(option), std::string(option.help));
    }
    rows.emplace_back(left_side(k_help_option), std::string(k_help_option.help));
    return rows;
}

}  // namespace

std::size_t help_width(std::size_t terminal_columns) {
    return std::max<std::size_t>(std::min<std::size_t>(terminal_columns, 80), 52) - 2;
}

std::string usage_line(std::string_view program, const CommandSpec* command, std::size_t width) {
    std::string prefix = "Usage: " + std::string(program) + " ";
    std::string words = "[OPTIONS]";
    if (command == nullptr) {
        words += " COMMAND [ARGS]...";
    } else {
        prefix += std::string(command->name) + " ";
        for (const auto& argument : command->arguments) {
            words += " " + usage_word(argument);
        }
    }
    if (prefix.size() + words.size() > width && width >= prefix.size() + 20) {
        return prefix + folded(words, width, prefix.size(), prefix.size()).substr(prefix.size()) +
               "\n";
    }
    return prefix + words + "\n";
}

std::string help_text(std::string_view program, std::span<const OptionSpec> global_options,
                      const CommandSpec* command, std::size_t width) {
    std::string text = usage_line(program, command, width) + "\n";
    if (command != nullptr) {
        return text + folded(command->help, width, 2, 2) + "\n\nOptions:\n" +
               table(option_rows(command->options), width);
    }
    text += folded("Show and change PostgreSQL clusters under Patroni.", width, 2, 2) +
            "\n\nOptions:\n" + table(option_rows(global_options), width) + "\nCommands:\n";
    Rows rows;
    for (const auto* one : command_table()) {
        rows.emplace_back(std::string(one->name), std::string(one->help));
    }
    return text + table(rows, width);
}

}  // namespace patronictl
