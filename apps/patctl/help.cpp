#include "patctl/help.hpp"

#include "patronictl/commands.hpp"

#include <algorithm>

namespace patctl {
namespace {

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

std::string option_lines() {
    std::string text;
    std::string_view group;
    for (const auto& row : option_rows()) {
        if (row.group != group) {
            group = row.group;
            text += "\n" + std::string(group) + ":\n";
        }
        std::string left = row.letter != 0 ? "-" + std::string(1, row.letter) + ", " : "    ";
        left += "--" + std::string(row.name);
        if (!row.value.empty()) {
            left += " " + std::string(row.value);
        }
        constexpr std::size_t k_left = 28;
        text += "  " +
                (left.size() < k_left ? padded(left, k_left)
                                      : left + "\n" + std::string(k_left + 2, ' ')) +
                std::string(row.help) + "\n";
    }
    return text;
}

}  // namespace

std::string overview() {
    std::string text =
        "patctl - PostgreSQL clusters under Patroni: find them, see how they are\n\n"
        "usage: patctl COMMAND [SOURCE] [OPTIONS] [SCOPE]\n\n";
    for (const auto& row : command_rows()) {
        text += "  " + padded(std::string(row.name), 12) + std::string(row.summary) + "\n";
    }
    text += "\nThe commands of patronictl, with its options (patctl COMMAND --help):\n\n";
    for (const auto* row : patronictl::command_table()) {
        text += "  " + padded(std::string(row->name), 17) + std::string(row->help) + "\n";
    }
    text +=
        "\nSOURCE is one of --registrator URL, --etcd3 HOSTS, --etcd HOSTS, --consul HOSTS,\n"
        "--zookeeper HOSTS, --api URLS, --members LIST, -d URL, -c FILE. Without one:\n"
        "PATRONICTL_CONFIG_FILE, ~/.config/patroni/patronictl.yaml, /etc/patroni/*.yml,\n"
        "/etc/patroni.yml.\n\n"
        "patctl COMMAND -h tells more, with examples; patctl --version.\n";
    return text;
}

std::string command_help(const CommandRow& command) {
    std::string text = "usage: patctl " + std::string(command.name) + " " +
                       std::string(command.arguments) + "\n\n" + std::string(command.description) +
                       "\n" + option_lines() +
                       "\nWithout a source a configuration file is looked for: "
                       "PATRONICTL_CONFIG_FILE,\n$XDG_CONFIG_HOME/patroni/patronictl.yaml "
                       "(~/.config), /etc/patroni/*.yml, /etc/patroni.yml.\n"
                       "\nExit codes: 0 everything answered, 2 usage or configuration, 3 some "
                       "members did not\nanswer, 5 nothing could be read.\n\nExamples:\n";
    std::string_view examples = command.examples;
    while (!examples.empty()) {
        const auto end = std::min(examples.find('\n'), examples.size());
        text += "  " + std::string(examples.substr(0, end)) + "\n";
        examples.remove_prefix(std::min(end + 1, examples.size()));
    }
    return text;
}

}  // namespace patctl
