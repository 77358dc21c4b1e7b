#!/usr/bin/env python3
"""Prints what Python and PyYAML make of generated YAML documents, as a line of JSON for each: what is read, and how it
is written again in block and flow style, as JSON, and as text. And what patronictl's way of changing a configuration
makes of a patch and of KEY=VALUE pairs.

    make_cases.py > cases.jsonl              # the committed ones; PyYAML 6.0
    make_cases.py SEED COUNT > more.jsonl    # others, for a run by hand:
    PATRONI_PYTHON_CASES=more.jsonl test_codec --gtest_filter='Python*'
"""
import copy
import json
import random
import sys

import yaml

TEXTS = ['', 'a', 'yes', 'No', 'null', '~', '=', '<<', '1', '-5', '1_000', '0x1F', '0o17', '010', '12:30:45', '1.5', '1e3', '1.0e+3',
         '.inf', '2001-01-01', '2001-01-01 10:00:00', 'a b', ' a', 'a ', 'a: b', 'a:b', ':a', 'a #b', 'a#b', '#a', "it's",
         'say "x"', 'tab\there', 'line1\nline2', 'line1\n  line2', 'end\n', '\nstart', 'a \nb', '- a', '-a', '?a', '? a', '{a}', '[a', 'a,b',
         'a]', '%m', '@a', '`a', '!a', '&a', '*a', '|', '>', '---', '...x', 'é', 'ü: ö', '\u2028x', '\x85', '\xa0', '\ufeff',
         '\U0001f600', '\x1b[0m', '\x7f', 'x' * 119, 'x' * 122, 'x' * 123, 'x' * 128, 'word ' * 60 + 'end', "it's " * 60 + ':',
         'a  b ' * 50 + 'c', 'é ' * 150 + ': x', '\t' + 'word ' * 60, 'ab\\c', "'", '"', "''", 'a\n\nb', ' \n', 'x\u2029y']
SCALARS = ['yes', 'Off', 'TRUE', 'y', '~', 'null', 'Null', '10', '-5', '+7', '1_000', '0x1F', '-0x1f', '0b11', '0644', '010', '09', '0',
           '-0', '12:30:45', '1.5', '1.', '.5', '-.5', '1.0e+3', '1.e+3', '1e3', '1.0e3', '0o17', '190:20:30.15', '.inf', '-.INF', '.nan',
           '1.0e+20', '1.0e-7', '123456789012345678901234567890', '0.1', '1.10', '3.0', '1e400', '1.0e+400', '2001-01-01',
           '2001-01-01 10:00:00 +1', '2001-1-1 1:00:00', '2001-12-14t21:59:43.10-05:30', '2001-12-14 21:59:43.123456789Z', '2001-13-01',
           'text', '"5"', "'x'", "'it''s'", '"\\u00e9\\n"', '!!str 5', '!!int "7"', '!!float 3', '!!bool "yes"', '!!binary aGVsbG8=',
           '!!timestamp 2001-01-01', '!foo x', '[]', '{}', '[1, two, {x: y}]', '{a: 1, b: [x]}', '{1: a, b: c}', '{2: a, 10: b, 1: c}',
           '{true: a, 1: b}', '{null: a}', '!!set {b, a}', '&a [1, 2]', '*a', '&b {x: {y: 1}}', '*b', '{<<: *b, z: 1}', '=', '<<',
           '[a', '{a', 'a: b: c', '@x', '%x', '- x', '|\n    text\n    more\n', '>\n    folded\n    text\n', '"open', "'%m [%p] a=b '", 'a=b']

LETTERS = list('aaab   -:#,[]{}&*!|>\'"%@`?=~.\\') + ['\n', '\t', '\r', '\x85', '\u2028', '\xa0', 'é', '\U0001f600', '\x1b', 'word']


def plain(rng, depth):
    """A value that JSON can hold."""
    choice = rng.random()
    if depth > 0 and choice < 0.3:
        return {rng.choice(TEXTS) if rng.random() < 0.5 else f'k{rng.randrange(6)}': plain(rng, depth - 1)
                for _ in range(rng.randrange(4))}
    if depth > 0 and choice < 0.45:
        return [plain(rng, depth - 1) for _ in range(rng.randrange(4))]
    if choice < 0.6:
        return rng.choice(TEXTS)
    if choice < 0.8:
        return ''.join(rng.choice(LETTERS) for _ in range(rng.choice([3, 6, 30, 260])))
    return rng.choice([None, True, False, 0, -1, 30, 10 ** 25, 1.5, 3.0, 1e20, 1e-07, 1e16, -0.0, 123456.789, 0.1, 1e300])


def document(rng):
    lines = []
    for i in range(rng.randrange(1, 5)):
        key = rng.choice([f'k{i}', f'k{rng.randrange(3)}', str(i), 'yes', '1.0', '"quoted key"', '<<', 'null'])
        if rng.random() < 0.3:
            lines.append(f'{key}:')
            lines += [f'  n{j}: {rng.choice(SCALARS)}' for j in range(rng.randrange(1, 4))]
        elif rng.random() < 0.2:
            lines.append(f'{key}:')
            lines += [f'- {rng.choice(SCALARS)}' for j in range(rng.randrange(1, 4))]
        else:
            lines.append(f'{key}: {rng.choice(SCALARS)}')
    return '\n'.join(lines) + '\n'


def written(value):
    out = {}
    for name, options in (('block', {'default_flow_style': False, 'width': 200}), ('flow', {'default_flow_style': True, 'width': 200}),
                          ('narrow', {'default_flow_style': False, 'width': 20, 'sort_keys': False})):
        out[name] = yaml.safe_dump(value, allow_unicode=True, **options)
    out['str'] = str(value)
    for name, separators in (('json', None), ('compact', (',', ':'))):
        try:
            out[name] = json.dumps(value, separators=separators)
        except TypeError:
            out[name] = None
    return out


def load_case(text):
    try:
        value = yaml.safe_load(text)
        return {'yaml': text, 'written': written(value)}
    except (yaml.YAMLError, ValueError, TypeError):
        return {'yaml': text, 'written': None}


def patch_config(config, data):
    for name, value in data.items():
        if value is None:
            config.pop(name, None)
        elif name in config:
            if isinstance(value, dict):
                if isinstance(config[name], dict):
                    patch_config(config[name], value)
                else:
                    config[name] = value
            elif str(config[name]) != str(value):
                config[name] = value
        else:
            config[name] = value


def set_path(config, path, value, prefix=()):
    if prefix == ('postgresql', 'parameters'):
        path = ['.'.join(path)]
    key = path[0]
    if len(path) == 1:
        if value is None:
            config.pop(key, None)
        else:
            config[key] = value
    else:
        if not isinstance(config.get(key), dict):
            config[key] = {}
        set_path(config[key], path[1:], value, prefix + (key,))
        if config[key] == {}:
            del config[key]


def small(rng, depth=2):
    keys = ['a', 'b', 'postgresql', 'parameters', 'max.x']
    out = {}
    for key in rng.sample(keys, rng.randrange(1, 4)):
        out[key] = small(rng, depth - 1) if depth and rng.random() < 0.5 else rng.choice(
            [None, 1, '1', 1.0, True, 'True', 'x', [], [1], ['1'], {}, '[1]', 0, False])
    return out


def patch_case(rng):
    before, data = small(rng), small(rng)
    after = copy.deepcopy(before)
    patch_config(after, data)
    return {'before': before, 'patch': data, 'after': after, 'equal': before == after}


def pair_case(rng):
    before = small(rng)
    path = rng.choice(['a', 'b.a', 'a.b.max.x', 'postgresql.parameters.max.x', 'postgresql.parameters', ' postgresql.parameters.a ', 'a..b',
                       '.', '', 'postgresql.b.max.x'])
    pair = path + '=' + rng.choice(['1', 'null', '', ' on', '{}', '[x, 1]', '{a: 1}', 'a=b', '"q"', '~'])
    after = copy.deepcopy(before)
    key, value = pair.split('=', 1)
    set_path(after, key.strip().split('.'), yaml.safe_load(value))
    return {'before': before, 'pair': pair, 'after': after}


def main():
    seed, count = (int(a) for a in (sys.argv[1:] + ['1', '60'][len(sys.argv) - 1:]))
    rng = random.Random(seed)
    cases = [load_case(text) for text in SCALARS] + [{'value': text, 'written': written(text)} for text in TEXTS]
    for _ in range(count):
        value = plain(rng, 3)
        cases += [{'value': value, 'written': written(value)}, load_case(document(rng)), patch_case(rng), pair_case(rng)]
    for case in cases:
        print(json.dumps(case))


if __name__ == '__main__':
    main()
