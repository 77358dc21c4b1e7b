"""patronictl on a terminal: questions, hidden passwords, editor, pager with colours, --watch, Ctrl-C; and a pipe that closes."""

import json
import os
import pathlib
import subprocess

from lab.etcd import Etcd
from lab.terminal import Terminal
from lab.testcase import LabTestCase

CONFIG = '{"ttl":30,"loop_wait":10,"postgresql":{"use_pg_rewind":true}}'
MEMBER = json.dumps({"conn_url": "postgres://127.0.0.1:1/postgres", "api_url": "http://127.0.0.1:1/patroni", "state": "running", "role": "primary",
                     "version": "4.1.4", "timeline": 1})
INTERRUPT, END_OF_INPUT = "\x03", "\x04"

# The colours of ydiff: names yellow, places light blue, pairs red and green with the changed part underlined.
DIFF = ("\x1b[33m--- \n\x1b[0m\x1b[33m+++ \n\x1b[0m\x1b[1;34m@@ -1,4 +1,4 @@\n\x1b[0m\x1b[0m loop_wait: 10\n\x1b[0m\x1b[0m postgresql:\n"
        "\x1b[0m\x1b[0m   use_pg_rewind: true\n\x1b[0m\x1b[1;31m-\x1b[0m\x1b[31mttl: \x1b[4m\x1b[31m3\x1b[0m\x1b[31m0\n\x1b[0m"
        "\x1b[32m+\x1b[0m\x1b[32mttl: \x1b[4m\x1b[32m2\x1b[0m\x1b[32m0\n\x1b[0m")


class OnATerminal(LabTestCase):

    @classmethod
    def prepare(cls):
        cls.etcd = cls.started(Etcd(cls.workspace))
        folder = pathlib.Path(cls.workspace.folder("bin"))
        cls.program = folder / "patronictl"
        cls.program.symlink_to(pathlib.Path(cls.patctl.program).resolve())
        cls.config = cls.workspace.write("patronictl.yaml", f"etcd3: {{host: '{cls.etcd.address}'}}\n")
        cls.temporary = cls.workspace.folder("tmp")

    def setUp(self):
        for key, value in (("config", CONFIG), ("initialize", "7400000000000000001"), ("leader", "pg1"), ("members/pg1", MEMBER)):
            self.etcd.control("put", f"/service/demo/{key}", value)

    def environment(self, **more):
        return {"PATH": os.environ["PATH"], "HOME": str(self.workspace.path / "home"), "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "xterm",
                "TMPDIR": str(self.temporary), "PAGER": "cat", **more}

    def run_in_terminal(self, *words, **variables):
        return Terminal([self.program, "-c", self.config, *words], self.environment(**variables))

    def stored(self):
        return self.etcd.get("/service/demo/config")

    def editor(self, name, body):
        return str(self.workspace.write(name, "#!/bin/sh\n" + body, mode=0o755))

    def assert_no_temporary_file(self):
        self.assertEqual(os.listdir(self.temporary), [])

    # ---- questions

    def test_change_that_is_confirmed(self):
        with self.run_in_terminal("edit-config", "demo", "-s", "ttl=20") as terminal:
            terminal.expect("Apply these changes? [y/N]: ").type("y\n")
            self.assertEqual(terminal.end(), 0, str(terminal))
            self.assertEqual(terminal.text, DIFF + "Apply these changes? [y/N]: y\nConfiguration changed\n")
        self.assertEqual(self.stored(), CONFIG.replace("30", "20"))

    def test_answer_that_is_none_is_asked_again(self):
        with self.run_in_terminal("edit-config", "demo", "-q", "-s", "ttl=20") as terminal:
            terminal.expect("[y/N]: ").type("what\n").expect("Error: invalid input\nApply these changes? [y/N]: ").type("n\n")
            self.assertEqual(terminal.end(), 0, str(terminal))
        self.assertEqual(self.stored(), CONFIG)

    def test_interrupt_and_end_of_input_at_a_question(self):
        for key in (INTERRUPT, END_OF_INPUT):
            with self.subTest(key=key), self.run_in_terminal("edit-config", "demo", "-q", "-s", "ttl=20") as terminal:
                terminal.expect("[y/N]: ").type(key)
                self.assertEqual(terminal.end(), 1, str(terminal))
                self.assertRegex(terminal.text, r"\[y/N\]: (\^C)?Aborted!\n\Z", str(terminal))
        self.assertEqual(self.stored(), CONFIG)

    def test_interrupt_at_a_hidden_question_leaves_the_echo_on(self):
        with self.run_in_terminal("query", "demo", "--password", "-U", "postgres", "-c", "select 1") as terminal:
            terminal.expect("Password: ")
            self.assertFalse(terminal.echoes())
            terminal.type(INTERRUPT)
            self.assertEqual(terminal.end(), 1, str(terminal))
            self.assertTrue(terminal.text.endswith("\nAborted!\n"), str(terminal))
            self.assertTrue(terminal.echoes())

    def test_password_is_not_shown(self):
        with self.run_in_terminal("query", "demo", "--password", "-U", "postgres", "-c", "select 1") as terminal:
            terminal.expect("Password: ").type("s3cret\n")
            self.assertEqual(terminal.end(), 0, str(terminal))
            self.assertIn("ERROR, SQLSTATE: connection to server at", terminal.text)
            self.assertNotIn("s3cret", terminal.text)

    # ---- editor and pager

    def test_editor(self):
        editor = self.editor("changes", 'test -t 0 && test -t 1 || exit 9\nls -l "$1" | cut -c1-10\necho "$1"\nsed -i s/30/20/ "$1"\n')
        with self.run_in_terminal("edit-config", "demo", EDITOR=editor) as terminal:
            terminal.expect("[y/N]: ").type("y\n")
            self.assertEqual(terminal.end(), 0, str(terminal))
            self.assertRegex(terminal.text, rf"^-rw-------\n{self.temporary}/demo-config-\w{{8}}\.yaml\n")
            self.assertIn(DIFF, terminal.text)
        self.assertEqual(json.loads(self.stored())["ttl"], 20)
        self.assert_no_temporary_file()

    def test_editor_that_leaves_nothing(self):
        for name, body, message in (("empties", ': > "$1"\n', "The edited text is empty"), ("lists", 'echo "[1]" > "$1"\n', "is not a map"),
                                    ("breaks", 'echo "[1" > "$1"\n', "line 2"), ("fails", "exit 3\n", "Editor exited with return code 3"),
                                    ("removes", 'rm "$1"\n', "Cannot read")):
            with self.subTest(name), self.run_in_terminal("edit-config", "demo", EDITOR=self.editor(name, body)) as terminal:
                self.assertEqual(terminal.end(), 1, str(terminal))
                self.assertIn(message, terminal.text)
        self.assertEqual(self.stored(), CONFIG)
        self.assert_no_temporary_file()

    def test_interrupt_in_the_editor(self):
        waits = self.editor("waits", "echo waiting\nexec sleep 60\n")
        with self.run_in_terminal("edit-config", "demo", EDITOR=waits) as terminal:
            terminal.expect("waiting").type(INTERRUPT)
            self.assertEqual(terminal.end(), 1, str(terminal))
            self.assertTrue(terminal.text.endswith("Aborted!\n"), str(terminal))
        self.assert_no_temporary_file()
        handles = self.editor("handles", "trap 'echo caught; exit 0' INT\necho waiting\nwhile :; do sleep 0.1; done\n")
        with self.run_in_terminal("edit-config", "demo", EDITOR=handles) as terminal:
            terminal.expect("waiting").type(INTERRUPT)
            self.assertEqual(terminal.end(), 0, str(terminal))
            self.assertTrue(terminal.text.endswith("caught\nNot changed\n"), str(terminal))

    def test_editor_that_is_not_there(self):
        with self.run_in_terminal("edit-config", "demo", EDITOR="vi --no-such") as terminal:
            self.assertEqual(terminal.end(), 1, str(terminal))
            self.assertIn("Error: Cannot run 'vi --no-such': No such file or directory\n", terminal.text)
        with self.run_in_terminal("edit-config", "demo", PATH="/nonexistent") as terminal:
            self.assertEqual(terminal.end(), 1, str(terminal))
            self.assertIn("Error: EDITOR environment variable is not set. editor or vi are not available\n", terminal.text)

    def test_pager(self):
        pager = self.editor("pager", 'echo "pager $#"\ncat\n')
        with self.run_in_terminal("edit-config", "demo", "-s", "ttl=20", PAGER=pager, PATH=f"{pathlib.Path(pager).parent}:{os.environ['PATH']}") as terminal:
            terminal.expect("[y/N]: ").type("n\n")
            self.assertEqual(terminal.end(), 0, str(terminal))
            self.assertTrue(terminal.text.startswith("pager 0\n" + DIFF), str(terminal))

    def test_less_gets_its_options(self):
        folder = pathlib.Path(self.workspace.folder("less-bin"))
        self.workspace.write("less-bin/less", '#!/bin/sh\nfor word; do echo "<$word>"; done\ncat > /dev/null\n', mode=0o755)
        for variables, shown in (({}, "<-FRSX>\n<--shift 1>\n"), ({"LESS": "-R"}, "")):
            environment = {"PAGER": "less -R", "PATH": f"{folder}:{os.environ['PATH']}", **variables}
            with self.subTest(**variables), self.run_in_terminal("edit-config", "demo", "-s", "ttl=20", **environment) as terminal:
                terminal.expect("[y/N]: ").type("n\n")
                self.assertEqual(terminal.end(), 0, str(terminal))
                self.assertTrue(terminal.text.startswith(shown + "Apply"), str(terminal))

    def test_no_pager(self):
        with self.run_in_terminal("edit-config", "demo", "-s", "ttl=20", PATH="/nonexistent") as terminal:
            self.assertEqual(terminal.end(), 1, str(terminal))
            self.assertTrue(terminal.text.startswith("Error: No pager could be found."), str(terminal))

    # ---- watch, pipes

    def test_watch_clears_a_terminal(self):
        with self.run_in_terminal("list", "demo", "-w", "0.2") as terminal:
            terminal.expect("\x1b[2J\x1b[1;1H+ Cluster: demo", times=3).type(INTERRUPT)
            self.assertEqual(terminal.end(), 1, str(terminal))
            self.assertTrue(terminal.text.endswith("\nAborted!\n"), str(terminal))

    def test_watch_leaves_a_pipe_alone_and_ends_with_it(self):
        with subprocess.Popen([self.program, "-c", self.config, "list", "demo", "-w", "0.1"], env=self.environment(), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as child:
            first = child.stdout.readline()
            child.stdout.close()
            self.assertEqual(child.wait(timeout=20), 1)
            self.assertEqual(child.stderr.read(), b"")
        self.assertTrue(first.startswith(b"+ Cluster: demo"), first)

    def test_diff_in_a_pipe_has_no_colours(self):
        done = subprocess.run([self.program, "-c", self.config, "edit-config", "demo", "-s", "ttl=20", "--force"], env=self.environment(PAGER="false"),
                              capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "--- \n+++ \n@@ -1,4 +1,4 @@\n loop_wait: 10\n postgresql:\n   use_pg_rewind: true\n-ttl: 30\n+ttl: 20\n"
                                      "Configuration changed\n")
