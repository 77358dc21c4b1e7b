#include "patctl/program.hpp"

#include <patroni/simulator.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view usage =
    "usage: patctl-demo [discover|status]... [OPTIONS of patctl]\n"
    "Runs patctl's commands (both, if none is named) on simulated clusters inside this process.\n";

/// Shows command lines and what they print.
class Show {
public:
    Show(Words commands, Words options)
        : commands_(std::move(commands)), options_(std::move(options)) {}

    /// Runs the commands on that source; what `discover` prints stays the same while members die.
    void scene(const std::string& title, const Words& source, bool with_discover = true) {
        terminal_.out("\nSIMULATED  " + title + "\n");
        for (const std::string& command : commands_) {
            if (command == "discover" && !with_discover) {
                continue;
            }
            Words arguments{command};
            arguments.insert(arguments.end(), source.begin(), source.end());
            arguments.insert(arguments.end(), options_.begin(), options_.end());
            std::string line = "\n$ patctl";
            for (const std::string& argument : arguments) {
                line += " " + argument;
            }
            terminal_.out(line + "\n");
            const int code = patctl::run(arguments, terminal_);
            // 3 (some members did not answer) and the codes of --check belong to the show.
            if (code == 2 || code == 5) {
                failure_ = code;
            }
        }
    }

    void say(std::string_view text) { terminal_.out(text); }
    int failure() const { return failure_; }

private:
    Words commands_;
    Words options_;
    patctl::Terminal terminal_ = patctl::Terminal::of_process();
    int failure_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const Words arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    const auto option = std::ranges::find_if(
        arguments, [](const std::string& argument) { return argument.starts_with('-'); });
    Words commands(arguments.begin(), option);
    Words options(option, arguments.end());
    const bool known = std::ranges::all_of(commands, [](const std::string& command) {
        return command == "discover" || command == "status";
    });
    if (!known || (!options.empty() && (options[0] == "-h" || options[0] == "--help"))) {
        Show({}, {}).say(usage);
        return known ? 0 : 2;
    }
    if (commands.empty()) {
        commands = {"discover", "status"};
    }
    options.insert(options.begin(), {"-f", "pretty"});  // also into a file; a later -f wins

    patroni::Simulator sim;
    sim.add_cluster({.scope = "batman", .patroni_version = "0.90"});
    sim.register_in_etcd("dingo-postgresql95");
    const std::string etcd = sim.etcd().text();
    const Words registrator{"--registrator", "etcd://" + etcd + "/dingo-postgresql95-8008"};
    Show show(std::move(commands), std::move(options));

    show.scene("Three members of Patroni 0.90 that registrator put into etcd.", registrator);
    sim.write(16384);
    sim.lag("pg3", 1300000, 2400000);
    sim.kill("pg1");
    show.scene("The primary was killed; pg3 had been behind.", registrator, false);
    sim.expire();
    sim.promote("pg2");
    show.scene("The leader lock expired and pg2 was promoted.", registrator, false);

    sim.add_cluster({.scope = "robin", .members = {"db1", "db2", "db3"}});
    sim.sync_mode(patroni::SimulatedSync::sync, "robin");
    sim.lag("db3", 65536);
    show.scene("Another cluster: Patroni 4.1 with its keys in etcd v3, synchronous mode.",
               {"--etcd3", etcd, "robin"});
    return show.failure();
}
