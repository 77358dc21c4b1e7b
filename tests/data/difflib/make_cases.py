#!/usr/bin/env python3
"""Prints what Python's difflib says about generated texts, and how cdiff 1.0 colours it, as a line of JSON for each.

    make_cases.py > cases.jsonl              # the committed ones
    make_cases.py SEED COUNT > more.jsonl    # others, for a run by hand:
    PATRONI_DIFFLIB_CASES=more.jsonl test_patronictl --gtest_filter='Difflib*'
"""
import difflib
import io
import json
import random
import sys

import cdiff

WORDS = ['ttl: 30', 'loop_wait: 10', 'postgresql:', '  parameters:', '    work_mem: 4MB', '', '- a', '- b', 'é: ü',
         'retry_timeout: 10', '  use_pg_rewind: true', 'slots: {}', 'tags:', 'x: 1', 'y: 2', 'z: 3']
OPTIONS = ['--format', '--group', '--watch', '--extended', '--timestamp', '--help', '--force', '--role', '--member',
           '--candidate', '--scheduled', '--leader', '--primary', '--pg-version', '--pending', '--timeout']


def lines(text):
    return text.rstrip('\n').split('\n')


def changed(rng, text):
    out = []
    for line in text:
        choice = rng.random()
        if choice < 0.1:
            continue
        if choice < 0.2:
            out.append(rng.choice(WORDS))
        elif choice < 0.25:
            out.append(line + str(rng.randrange(10)))
            continue
        out.append(line)
    if rng.random() < 0.2:
        rng.shuffle(out)
    return out


def diff_case(rng, size):
    words = WORDS if rng.random() < 0.7 else [f'key{i}: {i}' for i in range(size * 2)]
    before = [rng.choice(words) for _ in range(rng.randrange(size + 1))]
    after = changed(rng, before)
    before, after = ('\n'.join(t) + '\n' * rng.randrange(3) for t in (before, after))
    diff = [line.rstrip('\n') for line in difflib.unified_diff(
        [line + '\n' for line in lines(before)], [line + '\n' for line in lines(after)])]
    return {'before': before, 'after': after, 'diff': diff, 'marked': marked(diff)}


def marked(diff):
    stream = cdiff.PatchStream(io.BytesIO(''.join(line + '\n' for line in diff).encode()))
    return ''.join(cdiff.DiffMarker().markup(cdiff.DiffParser(stream).get_diff_generator())) if diff else ''


def match_case(rng):
    word = list(rng.choice(OPTIONS))
    for _ in range(rng.randrange(5)):
        place = rng.randrange(2, len(word) + 1)
        word[place:place + rng.randrange(3)] = rng.choice(['', 'a', 'e', 'o', 'é', '-'])
    word = ''.join(word)
    options = rng.sample(OPTIONS, rng.randrange(1, len(OPTIONS)))
    return {'word': word, 'words': options, 'close': difflib.get_close_matches(word, options)}


def main():
    seed, count = (int(a) for a in (sys.argv[1:] + ['1', '60'][len(sys.argv) - 1:]))
    rng = random.Random(seed)
    for i in range(count):
        for case in (diff_case(rng, 30), match_case(rng)):
            print(json.dumps(case, ensure_ascii=False))
        if i % 20 == 0:
            print(json.dumps(diff_case(rng, 400), ensure_ascii=False))


if __name__ == '__main__':
    main()
